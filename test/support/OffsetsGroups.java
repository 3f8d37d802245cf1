import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.Stores;

/** Groups of every kind come, read, commit, rebalance and go, and some are deleted: what a `__consumer_offsets` can hold. */
public class OffsetsGroups {
    static final String ASSIGNORS = "org.apache.kafka.clients.consumer.";
    static String servers;

    public static void main(String[] args) throws Exception {
        servers = args[0];
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            List<NewTopic> topics = new ArrayList<>();
            for (String name : List.of("orders", "payments", "doomed")) topics.add(new NewTopic(name, 4, (short) 1));
            admin.createTopics(topics).all().get();
            set(admin, "sharing", "share.auto.offset.reset", "earliest");
            set(admin, "streaming", "streams.initial.rebalance.delay.ms", "0");
            produce();

            List<Member> first = new ArrayList<>();
            first.add(new Member("range", Map.of("partition.assignment.strategy", ASSIGNORS + "RangeAssignor", "client.rack", "r1")));
            first.add(new Member("sticky", Map.of("partition.assignment.strategy", ASSIGNORS + "StickyAssignor")));
            Map<String, Object> cooperative = Map.of("partition.assignment.strategy", ASSIGNORS + "CooperativeStickyAssignor");
            first.add(new Member("cooperative", cooperative));
            first.add(new Member("static", Map.of("group.instance.id", "pod-1")));
            first.add(new Member("modern", Map.of("group.protocol", "consumer", "client.rack", "r1")));
            first.add(new Member("modern-static", Map.of("group.protocol", "consumer", "group.instance.id", "pod-2")));
            first.add(new Member("pattern", Map.of("group.protocol", "consumer", "pattern", "ord.*|pay.*")));
            first.add(new Member("mixed", Map.of("group.protocol", "consumer", "group.remote.assignor", "range")));
            for (Member member : first) member.awaitWork();
            List<Member> second = new ArrayList<>();
            second.add(new Member("sticky", Map.of("partition.assignment.strategy", ASSIGNORS + "StickyAssignor")));
            second.add(new Member("cooperative", cooperative));
            second.add(new Member("modern", Map.of("group.protocol", "consumer")));
            // A classic member of a group that speaks the new protocol (KIP-848's migration).
            second.add(new Member("mixed", cooperative));
            for (Member member : second) member.awaitWork();

            share();
            streams(args[1]);
            transaction();
            for (Member member : second) member.close();
            for (Member member : first) member.close();
            admin.alterConsumerGroupOffsets("simple", Map.of(
                new TopicPartition("orders", 0), new OffsetAndMetadata(7, "set by hand: \"é\""),
                new TopicPartition("doomed", 0), new OffsetAndMetadata(0))).all().get();
            admin.alterConsumerGroupOffsets("range", Map.of(new TopicPartition("doomed", 1), new OffsetAndMetadata(0))).all().get();
            admin.deleteConsumerGroupOffsets("range", Set.of(new TopicPartition("orders", 1))).all().get();
            admin.deleteConsumerGroups(List.of("sticky", "modern")).all().get();
            admin.deleteShareGroups(List.of("sharing")).all().get();
            admin.deleteStreamsGroups(List.of("streaming")).all().get();
            admin.deleteTopics(List.of("doomed")).all().get();
        }
        System.out.println("done");
    }

    /** A group may have settings before it is there. */
    static void set(Admin admin, String group, String name, String value) throws Exception {
        ConfigEntry entry = new ConfigEntry(name, value);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET)))).all().get();
    }

    static void produce() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            for (int i = 0; i < 80; i++) {
                for (String topic : List.of("orders", "payments")) producer.send(new ProducerRecord<>(topic, i % 4, null, new byte[] {1}));
            }
        }
    }

    static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", servers);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    static Map<String, Object> consumerConfig(String group) {
        return new HashMap<>(Map.of("bootstrap.servers", servers, "group.id", group, "client.id", "client-" + group));
    }

    /** A consumer that commits after every poll, until it is closed. It has worked when it was given partitions and has committed. */
    static class Member {
        final CountDownLatch worked = new CountDownLatch(1);
        final KafkaConsumer<byte[], byte[]> consumer;
        final String group;
        final Thread thread;

        Member(String group, Map<String, Object> more) {
            this.group = group;
            Map<String, Object> config = consumerConfig(group);
            config.putAll(more);
            config.remove("pattern");
            config.put("auto.offset.reset", "earliest");
            config.put("enable.auto.commit", "false");
            config.put("max.poll.records", "10");
            // By heartbeats a classic member hears of a rebalance; the new protocol takes the broker's interval.
            if (!config.containsKey("group.protocol")) config.put("heartbeat.interval.ms", "300");
            consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            boolean[] assigned = {false};
            ConsumerRebalanceListener listener = new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    assigned[0] |= !partitions.isEmpty();
                }
            };
            thread = new Thread(() -> {
                try {
                    if (more.containsKey("pattern")) consumer.subscribe(new SubscriptionPattern((String) more.get("pattern")), listener);
                    else consumer.subscribe(List.of("orders", "payments"), listener);
                    while (true) {
                        consumer.poll(Duration.ofMillis(200));
                        if (!assigned[0]) continue;
                        try {
                            consumer.commitSync();
                            worked.countDown();
                        } catch (RebalanceInProgressException | CommitFailedException e) {
                            // The next poll joins again.
                        }
                    }
                } catch (WakeupException e) {
                    consumer.close();
                }
            });
            // Where the program fails, no member keeps it.
            thread.setDaemon(true);
            thread.start();
        }

        void awaitWork() throws Exception {
            if (!worked.await(60, TimeUnit.SECONDS)) throw new IllegalStateException("A member of " + group + " has no work");
        }

        void close() throws Exception {
            consumer.wakeup();
            thread.join();
        }
    }

    static void share() throws Exception {
        try (KafkaShareConsumer<byte[], byte[]> consumer =
                 new KafkaShareConsumer<>(consumerConfig("sharing"), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("orders"));
            for (int read = 0, quiet = 0; read < 80 && quiet < 100; ) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(300));
                read += records.count();
                if (records.isEmpty()) quiet++;
                consumer.commitSync();
            }
        }
    }

    static void streams(String state) throws Exception {
        Map<String, Object> settings = new HashMap<>();
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "streaming");
        settings.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "streams");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, state);
        settings.put(StreamsConfig.APPLICATION_SERVER_CONFIG, "host.example:8080");
        settings.put(StreamsConfig.clientTagPrefix("zone"), "eu");
        settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
        settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        settings.put("auto.offset.reset", "earliest");
        CountDownLatch read = new CountDownLatch(80);
        StreamsBuilder builder = new StreamsBuilder();
        // A key of its own, so that it is counted by way of a topic in between and a changelog.
        builder.<byte[], byte[]>stream("orders").peek((key, value) -> read.countDown())
            .selectKey((key, value) -> value).groupByKey()
            .count(Materialized.as(Stores.inMemoryKeyValueStore("counts")));
        Properties properties = new Properties();
        properties.putAll(settings);
        try (KafkaStreams streams = new KafkaStreams(builder.build(), properties)) {
            streams.start();
            if (!read.await(60, TimeUnit.SECONDS)) throw new IllegalStateException("Streams did not read: " + streams.state());
        }
    }

    /** Commits a group's offsets by a transaction, and others by one that is aborted. */
    @SuppressWarnings("removal")
    static void transaction() {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", "exactly-once"))) {
            producer.initTransactions();
            for (boolean commits : Arrays.asList(true, false)) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("payments", 0, null, new byte[] {2}));
                producer.sendOffsetsToTransaction(
                    Map.of(new TopicPartition("orders", 2), new OffsetAndMetadata(commits ? 5 : 6)),
                    new ConsumerGroupMetadata("transactional"));
                if (commits) producer.commitTransaction();
                else producer.abortTransaction();
            }
        }
    }
}
