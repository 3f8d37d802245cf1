import java.util.List;
import java.util.Map;
import java.util.Scanner;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes transactions to partition 0 of a topic: some committed, some aborted, one left open in the middle. Prints `open`, and for each line
 * that it reads ends the open one: `commit` or `abort`; then prints `ended`.
 */
public class RecordsTransactions {
    public static void main(String[] args) throws Exception {
        String servers = args[0];
        String topic = args[1];
        KafkaProducer<String, String> plain = producer(servers, null);
        KafkaProducer<String, String> first = producer(servers, topic + "-first");
        KafkaProducer<String, String> second = producer(servers, topic + "-second");
        send(plain, topic, "plain a", 2);
        transaction(first, topic, "committed a", true);
        transaction(second, topic, "aborted a", false);
        send(plain, topic, "plain b", 2);
        transaction(second, topic, "committed b", true);
        transaction(first, topic, "aborted b", false);
        first.beginTransaction();
        send(first, topic, "open", 3);
        transaction(second, topic, "committed c", true);
        transaction(second, topic, "aborted c", false);
        send(plain, topic, "plain c", 2);
        send(first, topic, "open still", 2);
        System.out.println("open");
        Scanner lines = new Scanner(System.in);
        if (lines.nextLine().equals("commit")) first.commitTransaction();
        else first.abortTransaction();
        System.out.println("ended");
        for (KafkaProducer<String, String> producer : List.of(plain, first, second)) producer.close();
    }

    static KafkaProducer<String, String> producer(String servers, String transactionalId) {
        Map<String, Object> config = new java.util.HashMap<>(Map.of("bootstrap.servers", servers, "linger.ms", "0"));
        if (transactionalId != null) {
            config.put("transactional.id", transactionalId);
            // Else the coordinator ends an open one after a minute, which tests may take on a machine that is busy.
            config.put("transaction.timeout.ms", 600_000);
        }
        KafkaProducer<String, String> producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
        if (transactionalId != null) producer.initTransactions();
        return producer;
    }

    static void transaction(KafkaProducer<String, String> producer, String topic, String name, boolean commits) throws Exception {
        producer.beginTransaction();
        send(producer, topic, name, 3);
        if (commits) producer.commitTransaction();
        else producer.abortTransaction();
    }

    /** One batch each, so that transactions have several. */
    static void send(KafkaProducer<String, String> producer, String topic, String name, int count) throws Exception {
        for (int i = 0; i < count; i++) producer.send(new ProducerRecord<>(topic, 0, null, name + " " + i)).get();
    }
}
