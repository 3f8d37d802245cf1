import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as vscode from 'vscode';

const id = 'kafka-consumer-debugger.kafka-consumer-debugger';

describe('the extension in VS Code', () => {
  it('activates', async () => {
    const extension = vscode.extensions.getExtension(id);
    assert.ok(extension, `${id} is installed`);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('registers every command that its manifest names', async () => {
    const manifest = vscode.extensions.getExtension(id)?.packageJSON as {
      contributes: { commands: readonly { command: string }[] };
    };
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      manifest.contributes.commands.map(({ command }) => command).filter((command) => !registered.has(command)),
      [],
    );
  });

  it('is told where the broker is', () => {
    assert.match(process.env['KAFKA_BOOTSTRAP'] ?? '', /^127\.0\.0\.1:\d+$/);
  });
});
