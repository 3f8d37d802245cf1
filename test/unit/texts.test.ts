import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { bundlePath, bundleText } from '../../tools/collectTexts.ts';

it('l10n/bundle.l10n.json has the texts that are shown (node tools/collectTexts.ts writes it)', () => {
  assert.equal(readFileSync(bundlePath, 'utf8'), bundleText());
});
