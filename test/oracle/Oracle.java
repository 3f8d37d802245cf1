import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.Readable;

/**
 * What Kafka's own code makes of messages. One question a line, one answer a line:
 *
 *   encode NAME READ WRITE JSON   the message that JSON is at version READ, written at version WRITE: "ok HEX"
 *   decode NAME VERSION HEX       the message that the bytes are, written again and as JSON: "ok HEX JSON"
 *   api KEY                       "ok NAME LOWEST HIGHEST" (of the stable versions), then for each version its
 *                                 REQUESTHEADER/RESPONSEHEADER versions
 *
 * "error TEXT" where Kafka refuses.
 */
public class Oracle {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final HexFormat HEX = HexFormat.of();

    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String answer;
            try {
                answer = "ok " + answer(line);
            } catch (InvocationTargetException e) {
                answer = "error " + e.getCause();
            } catch (Exception e) {
                answer = "error " + e;
            }
            out.println(answer.replace('\n', ' '));
            // More questions at hand: their answers go together.
            if (!in.ready()) out.flush();
        }
        out.flush();
    }

    private static String answer(String line) throws Exception {
        String[] words = line.split(" ", 5);
        if (words[0].equals("api")) return api(ApiMessageType.fromApiKey(Short.parseShort(words[1])));
        Class<?> type = typeOf(words[1]);
        short version = Short.parseShort(words[2]);
        Class<?> converter = Class.forName(type.getName() + "JsonConverter");
        if (words[0].equals("encode")) {
            Object message = converter.getMethod("read", JsonNode.class, short.class)
                .invoke(null, MAPPER.readTree(words[4]), version);
            return hex((Message) message, Short.parseShort(words[3]));
        }
        ByteBuffer bytes = ByteBuffer.wrap(HEX.parseHex(words.length > 3 ? words[3] : ""));
        Object message = type.getConstructor(Readable.class, short.class)
            .newInstance(new ByteBufferAccessor(bytes), version);
        if (bytes.hasRemaining()) throw new IllegalStateException(bytes.remaining() + " bytes left over");
        Object json = converter.getMethod("write", type, short.class).invoke(null, message, version);
        return hex((Message) message, version) + " " + json;
    }

    private static String api(ApiMessageType type) {
        short lowest = type.lowestSupportedVersion();
        short highest = type.highestSupportedVersion(false);
        StringBuilder answer = new StringBuilder(type.name + " " + lowest + " " + highest);
        for (short version = lowest; version <= highest; version++) {
            answer.append(" " + type.requestHeaderVersion(version) + "/" + type.responseHeaderVersion(version));
        }
        return answer.toString();
    }

    private static Class<?> typeOf(String name) throws ClassNotFoundException {
        try {
            return Class.forName("org.apache.kafka.common.message." + name + "Data");
        } catch (ClassNotFoundException e) {
            return Class.forName("org.apache.kafka.common.message." + name);
        }
    }

    private static String hex(Message message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer bytes = ByteBuffer.allocate(message.size(cache, version));
        message.write(new ByteBufferAccessor(bytes), cache, version);
        return HEX.formatHex(bytes.array(), 0, bytes.position());
    }
}
