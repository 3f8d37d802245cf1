import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { Cluster, type ClusterOptions } from '../../src/kafka/cluster.ts';
import { ConnectionError } from '../../src/kafka/errors.ts';
import { javaCommand } from '../../tools/java.ts';
import { startKafka, type Kafka } from '../../tools/kafka.ts';
import { freePorts } from '../../tools/ports.ts';

const password = 'only-for-this-test';
/** None of these takes it: what is wrong is known from what the broker says, however late a busy machine lets it. */
const connectTimeoutMs = 30_000;

describe('listeners of a real Kafka that need something else', { timeout: 240_000 }, () => {
  let kafka: Kafka;
  let folder: string;
  let ports: { ssl: number; sasl: number; far: number; gone: number };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kafka-listeners-'));
    const keystore = join(folder, 'broker.p12');
    const keytool = join(dirname(await javaCommand()), 'keytool');
    await promisify(execFile)(keytool, [
      ...['-genkeypair', '-alias', 'broker', '-keyalg', 'RSA', '-dname', 'CN=localhost'],
      ...['-ext', 'SAN=dns:localhost,ip:127.0.0.1', '-storetype', 'PKCS12', '-keystore', keystore],
      ...['-storepass', password, '-validity', '2'],
    ]);
    const [ssl, sasl, far, gone] = (await freePorts(4)) as [number, number, number, number];
    ports = { ssl, sasl, far, gone };
    kafka = await startKafka({
      properties: (node) => {
        const listeners = [
          `PLAINTEXT://127.0.0.1:${node.port}`,
          `SSL://127.0.0.1:${ssl}`,
          `SASL_PLAINTEXT://127.0.0.1:${sasl}`,
          `FAR://127.0.0.1:${far}`,
        ];
        const advertised = [...listeners.slice(0, 3), `FAR://127.0.0.1:${gone}`];
        return {
          listeners: [...listeners, `CONTROLLER://127.0.0.1:${node.controllerPort}`].join(','),
          'advertised.listeners': advertised.join(','),
          'listener.security.protocol.map':
            'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,FAR:PLAINTEXT',
          'inter.broker.listener.name': 'PLAINTEXT',
          'ssl.keystore.location': keystore,
          'ssl.keystore.type': 'PKCS12',
          'ssl.keystore.password': password,
          'ssl.key.password': password,
          'sasl.enabled.mechanisms': 'PLAIN',
          'listener.name.sasl_plaintext.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="${password}";`,
        };
      },
    });
  });

  after(async () => {
    await kafka?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function fails(port: number, kind: string, message: RegExp, options?: Partial<ClusterOptions>): Promise<void> {
    const startedAt = performance.now();
    const connecting = Cluster.connect({ bootstrapServers: [`127.0.0.1:${port}`], connectTimeoutMs, ...options });
    await assert.rejects(
      connecting.then((cluster) => cluster.close()),
      (error: unknown) => {
        assert.ok(error instanceof ConnectionError, String(error));
        assert.equal(error.kind, kind, error.message);
        assert.match(error.message, message);
        assert.ok(error.advice);
        return true;
      },
    );
    assert.ok(performance.now() - startedAt < connectTimeoutMs + 500, 'within the time-out');
  }

  it('SSL spoken to in plain', () => fails(ports.ssl, 'tls-expected', /speaks TLS/));

  it('SSL with a certificate that is not trusted', () =>
    fails(ports.ssl, 'tls-failed', /TLS with 127\.0\.0\.1:\d+ failed: .*certificate/, { tls: {} }));

  it('SSL with one that is', async () => {
    const cluster = await Cluster.connect({
      bootstrapServers: [`127.0.0.1:${ports.ssl}`],
      tls: { rejectUnauthorized: false },
    });
    assert.equal(cluster.brokers()[0]!.port, ports.ssl);
    cluster.close();
  });

  it('plain spoken to in TLS', () => fails(kafka.nodes[0]!.port, 'no-tls', /does not speak TLS/, { tls: {} }));

  it('SASL without a login', () => fails(ports.sasl, 'sasl-expected', /login \(SASL\)/));

  it('a listener whose advertised address cannot be reached', () =>
    fails(ports.far, 'advertised', new RegExp(`127.0.0.1:${ports.far} answered.*127.0.0.1:${ports.gone}.*advertised`)));

  it('the controller', () => fails(kafka.nodes[0]!.controllerPort, 'not-kafka', /controller, not a broker/));
});
