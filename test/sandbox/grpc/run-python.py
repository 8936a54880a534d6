# Runs snippets, given as JSON on standard input, against the sandbox at 127.0.0.1 and the port that is named; prints
# what each of them threw.
import contextlib, io, json, sys

import grpc
from proto.clarifai.api import resources_pb2, service_pb2, service_pb2_grpc
from proto.clarifai.api.status import status_code_pb2
from google.protobuf.struct_pb2 import Struct

port, key = sys.argv[1:]
channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.max_send_message_length", -1)])
scope = {
    "stub": service_pb2_grpc.V2Stub(channel),
    "metadata": (("authorization", f"Key {key}"),),
    "resources_pb2": resources_pb2,
    "service_pb2": service_pb2,
    "status_code_pb2": status_code_pb2,
    "Struct": Struct,
}
outcomes = []
for code in json.load(sys.stdin):
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code, dict(scope))
        outcomes.append("")
    except Exception as thrown:
        outcomes.append(str(thrown))
print(json.dumps(outcomes))
