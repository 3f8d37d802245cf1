import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { apis, readMessages } from '../../scripts/generate/messages.ts';
import { decodeAnswer, encodeFrame } from '../../src/kafka/message.ts';
import { kafkaHome } from '../../tools/kafka.ts';
import { apiOf, codecOf, randomValue } from '../oracle/messages.ts';
import { startOracle, type Oracle } from '../oracle/oracle.ts';
import { Random } from '../oracle/random.ts';

const random = new Random(20_260_803);
const header = { correlationId: -2_147_483_648, clientId: 'client 😀' };

describe("requests and answers with their headers, by Kafka's own tables", () => {
  let oracle: Oracle;
  let message: ReturnType<typeof readMessages>;
  before(async () => {
    message = readMessages(join(await kafkaHome(), 'libs'));
    oracle = await startOracle();
  });
  after(() => oracle.close());

  for (const name of apis) {
    it(name, async () => {
      const api = await apiOf(name);
      const [kafkaName, lowest, highest, ...headers] = (await oracle.ask(`api ${api.key}`)).split(' ');
      assert.deepEqual([api.name, kafkaName], [name, name]);
      assert.deepEqual([api.minVersion, api.maxVersion], [Number(lowest), Number(highest)]);

      const request = await codecOf(message(`${name}Request`));
      const response = await codecOf(message(`${name}Response`));
      for (let version = api.minVersion; version <= api.maxVersion; version++) {
        const [requestHeader, responseHeader] = (headers[version - api.minVersion] ?? '').split('/').map(Number);
        const asked = randomValue(random, message(`${name}Request`), message(`${name}Request`), version);
        const frame = encodeFrame(api, version, asked, header.clientId, header.correlationId);
        const body = Buffer.from(request.encode(asked, version)).toString('hex');
        const json = JSON.stringify({ requestApiKey: api.key, requestApiVersion: version, ...header });
        const head = await oracle.ask(`encode RequestHeader ${requestHeader} ${requestHeader} ${json}`);
        const size = ((head.length + body.length) / 2).toString(16).padStart(8, '0');
        assert.equal(Buffer.from(frame).toString('hex'), size + head + body, `request version ${version}`);

        const answered = randomValue(random, message(`${name}Response`), message(`${name}Response`), version);
        const answerHead = await oracle.ask(
          `encode ResponseHeader ${responseHeader} ${responseHeader} {"correlationId":1}`,
        );
        // From behind the correlation id.
        const payload = Buffer.concat([Buffer.from(answerHead, 'hex').subarray(4), response.encode(answered, version)]);
        assert.deepEqual(decodeAnswer(api, version, payload), answered, `answer version ${version}`);
      }
    });
  }
});
