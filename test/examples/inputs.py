# Adds an input and waits until it is indexed, with the vendor's client for Python (pip: clarifai-grpc).
# Against the sandbox: clarifai-inputs sandbox --port 8000, then CLARIFAI_PORT=8000 CLARIFAI_PAT=sandbox python3 inputs.py
import os
import time

from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel
from clarifai_grpc.grpc.api import resources_pb2, service_pb2, service_pb2_grpc

port = os.environ.get("CLARIFAI_PORT")
channel = (
    ClarifaiChannel.get_insecure_grpc_channel("127.0.0.1", int(port)) if port else ClarifaiChannel.get_grpc_channel()
)
stub = service_pb2_grpc.V2Stub(channel)
metadata = (("authorization", "Key " + os.environ["CLARIFAI_PAT"]),)


def checked(answer):
    if answer.status.code != 10000:
        raise RuntimeError(f"{answer.status.description} {answer.status.details}")
    return answer


image = resources_pb2.Image(url="https://samples.clarifai.com/metro-north.jpg", allow_duplicate_url=True)
given = resources_pb2.Input(data=resources_pb2.Data(image=image))
added = checked(stub.PostInputs(service_pb2.PostInputsRequest(inputs=[given]), metadata=metadata)).inputs[0]
while True:
    request = service_pb2.GetInputRequest(input_id=added.id)
    found = checked(stub.GetInput(request, metadata=metadata)).input
    print(f"{found.id}: {found.status.description}")
    if found.status.code not in (30001, 30003):
        break
    time.sleep(0.5)
