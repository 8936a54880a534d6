// Adds an input and waits until it is indexed, with the vendor's client for Java (Maven: com.clarifai:clarifai-grpc).
// Against the sandbox: clarifai-inputs sandbox --port 8000, then CLARIFAI_TARGET=127.0.0.1:8000 CLARIFAI_PAT=sandbox
import com.clarifai.channel.ClarifaiChannel;
import com.clarifai.credentials.ClarifaiCallCredentials;
import com.clarifai.grpc.api.Data;
import com.clarifai.grpc.api.GetInputRequest;
import com.clarifai.grpc.api.Image;
import com.clarifai.grpc.api.Input;
import com.clarifai.grpc.api.MultiInputResponse;
import com.clarifai.grpc.api.PostInputsRequest;
import com.clarifai.grpc.api.V2Grpc;
import com.clarifai.grpc.api.status.StatusCode;
import io.grpc.Channel;
import io.grpc.ManagedChannelBuilder;

public class Inputs {
  public static void main(String[] args) throws InterruptedException {
    String target = System.getenv("CLARIFAI_TARGET");
    Channel channel =
        target == null
            ? ClarifaiChannel.INSTANCE.getGrpcChannel()
            : ManagedChannelBuilder.forTarget(target).usePlaintext().build();
    V2Grpc.V2BlockingStub stub =
        V2Grpc.newBlockingStub(channel)
            .withCallCredentials(new ClarifaiCallCredentials(System.getenv("CLARIFAI_PAT")));

    Image image =
        Image.newBuilder()
            .setUrl("https://samples.clarifai.com/metro-north.jpg")
            .setAllowDuplicateUrl(true)
            .build();
    Input given = Input.newBuilder().setData(Data.newBuilder().setImage(image)).build();
    MultiInputResponse added = stub.postInputs(PostInputsRequest.newBuilder().addInputs(given).build());
    if (added.getStatus().getCode() != StatusCode.SUCCESS) {
      throw new IllegalStateException(added.getStatus().getDescription());
    }

    GetInputRequest request = GetInputRequest.newBuilder().setInputId(added.getInputs(0).getId()).build();
    while (true) {
      Input found = stub.getInput(request).getInput();
      System.out.println(found.getId() + ": " + found.getStatus().getDescription());
      if (found.getStatus().getCodeValue() != 30001 && found.getStatus().getCodeValue() != 30003) {
        break;
      }
      Thread.sleep(500);
    }
  }
}
