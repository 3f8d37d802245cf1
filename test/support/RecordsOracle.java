import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MemoryRecordsBuilder;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;

/**
 * Writes record batches with Kafka's own classes (2.8, the last that writes all message formats) and reads them with these: a line of JSON for
 * each case, the bytes in base64 and what is in them.
 */
public class RecordsOracle {
    public static void main(String[] args) {
        for (byte magic = 0; magic <= 2; magic++) {
            for (CompressionType codec : CompressionType.values()) {
                if (codec == CompressionType.ZSTD && magic < 2) continue;
                for (TimestampType time : new TimestampType[] {TimestampType.CREATE_TIME, TimestampType.LOG_APPEND_TIME}) {
                    if (magic == 0 && time == TimestampType.LOG_APPEND_TIME) continue;
                    print("magic " + magic + ", " + codec.name + ", " + time.name, plain(magic, codec, time));
                }
            }
        }
        print("a transaction of format 2", transaction());
        print("offsets and times at their limits", limits());
    }

    static ByteBuffer plain(byte magic, CompressionType codec, TimestampType time) {
        ByteBuffer all = ByteBuffer.allocate(4 << 20);
        Random random = new Random(magic * 100 + codec.id);
        long offset = 5_000_000_000L;
        for (int batch = 0; batch < 4; batch++) {
            int count = new int[] {1, 7, 300, 2}[batch];
            MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(1 << 20), magic, codec,
                magic == 0 ? TimestampType.NO_TIMESTAMP_TYPE : time, offset, 1_700_000_000_123L, RecordBatch.NO_PRODUCER_ID,
                RecordBatch.NO_PRODUCER_EPOCH, RecordBatch.NO_SEQUENCE, false, 17);
            for (int i = 0; i < count; i++) {
                Header[] headers = magic < 2 || i % 3 != 0 ? new Header[0] : new Header[] {
                    new RecordHeader("trace-é", bytes("id " + i)), new RecordHeader("nothing", null), new RecordHeader("", new byte[0])};
                byte[] key = i % 4 == 0 ? null : bytes("key " + i);
                long timestamp = magic == 0 ? RecordBatch.NO_TIMESTAMP : 1_700_000_000_000L + random.nextInt(100_000);
                // Compaction leaves gaps.
                if (i % 10 == 9) offset += 3;
                builder.appendWithOffset(offset++, timestamp, key, value(random, batch, i), headers);
            }
            all.put(builder.build().buffer());
        }
        all.flip();
        return all;
    }

    static byte[] value(Random random, int batch, int i) {
        if (batch == 3) {
            byte[] large = new byte[200_000];
            if (i == 0) random.nextBytes(large);
            else for (int at = 0; at < large.length; at++) large[at] = (byte) "what repeats itself, ".charAt(at % (10 + at / 50_000));
            return large;
        }
        if (i % 5 == 4) return null;
        if (i % 5 == 3) return new byte[0];
        byte[] noise = new byte[random.nextInt(60)];
        random.nextBytes(noise);
        return i % 2 == 0 ? noise : bytes("{\"order\": " + i + ", \"text\": \"" + "abc ".repeat(random.nextInt(50)) + "\"}");
    }

    static ByteBuffer transaction() {
        ByteBuffer all = ByteBuffer.allocate(1 << 16);
        MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(1 << 12), (byte) 2, CompressionType.NONE,
            TimestampType.CREATE_TIME, 40, 0, 9_000_000_001L, (short) 12, Integer.MAX_VALUE - 1, true, 3);
        for (int i = 0; i < 5; i++) builder.append(1_000L - i, null, bytes("in a transaction " + i));
        all.put(builder.build().buffer());
        for (ControlRecordType type : new ControlRecordType[] {ControlRecordType.ABORT, ControlRecordType.COMMIT}) {
            all.put(MemoryRecords.withEndTransactionMarker(45 + type.ordinal(), 2_000, 3, 9_000_000_001L, (short) 12,
                new EndTransactionMarker(type, 21)).buffer());
        }
        all.flip();
        return all;
    }

    static ByteBuffer limits() {
        ByteBuffer all = ByteBuffer.allocate(1 << 16);
        MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(1 << 12), (byte) 2, CompressionType.NONE,
            TimestampType.CREATE_TIME, 1L << 62, 0, RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH, RecordBatch.NO_SEQUENCE, false, 0);
        builder.appendWithOffset(1L << 62, 0, null, bytes("first"));
        builder.appendWithOffset((1L << 62) + 1, Long.MAX_VALUE, null, bytes("latest"));
        builder.appendWithOffset((1L << 62) + 2, (1L << 53) + 1, null, bytes("beyond doubles"));
        builder.appendWithOffset((1L << 62) + Integer.MAX_VALUE, -1, null, bytes("without"));
        all.put(builder.build().buffer());
        all.flip();
        return all;
    }

    static void print(String name, ByteBuffer buffer) {
        List<String> batches = new ArrayList<>();
        List<String> records = new ArrayList<>();
        for (RecordBatch batch : MemoryRecords.readableRecords(buffer).batches()) {
            boolean isNew = batch.magic() == 2;
            batches.add("{\"magic\":" + batch.magic() + ",\"baseOffset\":\"" + (isNew ? batch.baseOffset() : batch.iterator().next().offset())
                + "\",\"lastOffset\":\"" + batch.lastOffset() + "\",\"size\":" + batch.sizeInBytes() + ",\"compression\":\"" + batch.compressionType().name
                + "\",\"timestampType\":\"" + (batch.magic() == 0 ? "none" : batch.timestampType().name) + "\",\"maxTimestamp\":\"" + batch.maxTimestamp()
                + "\",\"leaderEpoch\":" + batch.partitionLeaderEpoch() + ",\"producerId\":\"" + batch.producerId() + "\",\"producerEpoch\":" + batch.producerEpoch()
                + ",\"baseSequence\":" + batch.baseSequence() + ",\"lastSequence\":" + batch.lastSequence() + ",\"isTransactional\":" + batch.isTransactional()
                + ",\"isControl\":" + batch.isControlBatch() + "}");
            for (Record record : batch) {
                List<String> headers = new ArrayList<>();
                for (Header header : record.headers()) {
                    headers.add("{\"key\":\"" + header.key() + "\",\"value\":" + base64(header.value() == null ? null : ByteBuffer.wrap(header.value())) + "}");
                }
                records.add("{\"offset\":\"" + record.offset() + "\",\"timestamp\":\"" + record.timestamp() + "\",\"key\":" + base64(record.key())
                    + ",\"value\":" + base64(record.value()) + ",\"headers\":[" + String.join(",", headers) + "]}");
            }
        }
        System.out.println("{\"name\":\"" + name + "\",\"bytes\":" + base64(buffer) + ",\"batches\":[" + String.join(",", batches)
            + "],\"records\":[" + String.join(",", records) + "]}");
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String base64(ByteBuffer buffer) {
        if (buffer == null) return "null";
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return "\"" + Base64.getEncoder().encodeToString(bytes) + "\"";
    }
}
