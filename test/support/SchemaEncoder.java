import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.util.JsonFormat;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Scanner;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * Encodes JSON by a schema, with Avro's and Protobuf's own Java libraries. Each line of the input is a case, its words in base64: `avro`,
 * the datum, then schemas of which each may use those before it, the last one the datum's; or `protobuf`, the message, its full name, then each
 * file's descriptor in Protobuf's text format, the main one last. Prints the bytes of each as hex.
 */
public class SchemaEncoder {
    public static void main(String[] args) throws Exception {
        Scanner lines = new Scanner(System.in);
        while (lines.hasNextLine()) {
            List<String> words = new ArrayList<>();
            for (String word : lines.nextLine().split(" ")) {
                words.add(new String(Base64.getDecoder().decode(word), StandardCharsets.UTF_8));
            }
            byte[] bytes = words.get(0).equals("avro") ? avro(words) : protobuf(words);
            System.out.println(HexFormat.of().formatHex(bytes));
        }
    }

    static byte[] avro(List<String> words) throws Exception {
        Schema.Parser parser = new Schema.Parser();
        Schema schema = null;
        for (String text : words.subList(2, words.size())) schema = parser.parse(text);
        Object datum = new GenericDatumReader<>(schema).read(null, DecoderFactory.get().jsonDecoder(schema, words.get(1)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(schema).write(datum, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    static byte[] protobuf(List<String> words) throws Exception {
        List<FileDescriptor> files = new ArrayList<>(List.of(TimestampProto.getDescriptor()));
        for (String text : words.subList(3, words.size())) {
            FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder();
            TextFormat.merge(text, file);
            FileDescriptor[] imports = files.stream()
                    .filter(each -> file.getDependencyList().contains(each.getName()))
                    .toArray(FileDescriptor[]::new);
            files.add(FileDescriptor.buildFrom(file.build(), imports));
        }
        FileDescriptor file = files.get(files.size() - 1);
        String[] path = words.get(2).split("/");
        Descriptor type = file.findMessageTypeByName(path[0]);
        for (int at = 1; at < path.length; at++) type = type.findNestedTypeByName(path[at]);
        DynamicMessage.Builder builder = DynamicMessage.newBuilder(type);
        JsonFormat.parser().merge(words.get(1), builder);
        return builder.build().toByteArray();
    }
}
