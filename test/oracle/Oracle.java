import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.share.ShareCoordinatorRecordSerde;
import org.apache.kafka.coordinator.transaction.TransactionCoordinatorRecordSerde;

/**
 * What Kafka's own code makes of messages. One question a line, one answer a line:
 *
 *   encode NAME READ WRITE JSON   the message that JSON is at version READ, written at version WRITE: "ok HEX"
 *   decode NAME VERSION HEX       the message that the bytes are, written again and as JSON: "ok HEX JSON"
 *   record COORDINATOR KEY VALUE  what a record of a coordinator's topic is, by the serde of group, share or transaction:
 *                                 "ok KEY VALUE JSON", key and value written again, JSON as the console formatters print it.
 *                                 Bytes in hexadecimal; VALUE is - for a tombstone
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
        if (words[0].equals("record")) return record(words[1], words[2], words[3]);
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

    private static String record(String coordinator, String key, String value) throws Exception {
        CoordinatorRecordSerde serde = switch (coordinator) {
            case "group" -> new GroupCoordinatorRecordSerde();
            case "share" -> new ShareCoordinatorRecordSerde();
            default -> new TransactionCoordinatorRecordSerde();
        };
        ByteBuffer valueBytes = value.equals("-") ? null : ByteBuffer.wrap(HEX.parseHex(value));
        CoordinatorRecord record = serde.deserialize(ByteBuffer.wrap(HEX.parseHex(key)), valueBytes);
        Class<?> json = Class.forName(
            "org.apache.kafka.coordinator." + coordinator + ".generated.CoordinatorRecordJsonConverters");
        ObjectNode node = new ObjectNode(JsonNodeFactory.instance);
        node.putObject("key").put("type", record.key().apiKey()).set("data", (JsonNode)
            json.getMethod("writeRecordKeyAsJson", ApiMessage.class).invoke(null, record.key()));
        if (valueBytes == null) node.set("value", NullNode.getInstance());
        else {
            short version = record.value().version();
            node.putObject("value").put("version", version).set("data", (JsonNode)
                json.getMethod("writeRecordValueAsJson", ApiMessage.class, short.class)
                    .invoke(null, record.value().message(), version));
        }
        String written = valueBytes == null ? "-" : HEX.formatHex(serde.serializeValue(record));
        return HEX.formatHex(serde.serializeKey(record)) + " " + written + " " + node;
    }

    private static final String[] PLACES = {
        "org.apache.kafka.common.message.%sData",
        "org.apache.kafka.common.message.%s",
        "org.apache.kafka.coordinator.group.generated.%s",
        "org.apache.kafka.coordinator.share.generated.%s",
        "org.apache.kafka.coordinator.transaction.generated.%s",
    };

    private static Class<?> typeOf(String name) throws ClassNotFoundException {
        for (String place : PLACES) {
            try {
                return Class.forName(place.formatted(name));
            } catch (ClassNotFoundException e) {
                // In another place.
            }
        }
        throw new ClassNotFoundException(name);
    }

    private static String hex(Message message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer bytes = ByteBuffer.allocate(message.size(cache, version));
        message.write(new ByteBufferAccessor(bytes), cache, version);
        return HEX.formatHex(bytes.array(), 0, bytes.position());
    }
}
