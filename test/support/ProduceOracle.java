import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.*;
import org.apache.kafka.common.utils.Utils;

/**
 * What Kafka's own client makes of things, a line of JSON each. `read bootstrap topic`: all records, bytes in base64. `partitions n`: of each key
 * in base64 on standard input. `serialize`: what its serializers give.
 */
public class ProduceOracle {
    public static void main(String[] args) {
        switch (args[0]) {
            case "read" -> read(args[1], args[2]);
            case "partitions" -> partitions(Integer.parseInt(args[1]));
            case "serialize" -> serialize();
        }
    }

    static void read(String bootstrap, String topic) {
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest", "check.crcs", "true",
            "allow.auto.create.topics", "false");
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream().map(p -> new TopicPartition(topic, p.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    List<String> headers = new ArrayList<>();
                    for (Header header : record.headers()) headers.add("{\"key\":" + base64(header.key().getBytes(StandardCharsets.UTF_8)) + ",\"value\":" + base64(header.value()) + "}");
                    System.out.println("{\"partition\":" + record.partition() + ",\"offset\":\"" + record.offset() + "\",\"timestamp\":\"" + record.timestamp()
                        + "\",\"key\":" + base64(record.key()) + ",\"value\":" + base64(record.value()) + ",\"headers\":[" + String.join(",", headers) + "]}");
                }
            }
        }
    }

    static void partitions(int count) {
        Scanner keys = new Scanner(System.in);
        while (keys.hasNextLine()) {
            byte[] key = Base64.getDecoder().decode(keys.nextLine());
            System.out.println("{\"hash\":" + Utils.murmur2(key) + ",\"partition\":" + Utils.toPositive(Utils.murmur2(key)) % count + "}");
        }
    }

    static void serialize() {
        print("int16", "-2", new ShortSerializer().serialize("", (short) -2));
        print("int32", "2147483647", new IntegerSerializer().serialize("", Integer.MAX_VALUE));
        print("int64", "-9223372036854775808", new LongSerializer().serialize("", Long.MIN_VALUE));
        print("float32", "1.5e-3", new FloatSerializer().serialize("", 1.5e-3f));
        print("float64", "-0.1", new DoubleSerializer().serialize("", -0.1));
        print("boolean", "true", new BooleanSerializer().serialize("", true));
        print("boolean", "false", new BooleanSerializer().serialize("", false));
        print("uuid", "123E4567-e89b-12d3-a456-426614174000", new UUIDSerializer().serialize("", java.util.UUID.fromString("123e4567-e89b-12d3-a456-426614174000")));
        print("text", "Gr\u00f6\u00dfe", new StringSerializer().serialize("", "Gr\u00f6\u00dfe"));
    }

    static void print(String format, String text, byte[] bytes) {
        System.out.println("{\"format\":\"" + format + "\",\"text\":\"" + text + "\",\"bytes\":" + base64(bytes) + "}");
    }

    static String base64(byte[] bytes) {
        return bytes == null ? "null" : "\"" + Base64.getEncoder().encodeToString(bytes) + "\"";
    }
}
