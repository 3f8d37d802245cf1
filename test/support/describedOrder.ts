/**
 * A message of a schema that is a FileDescriptorProto in base64, both made by Google's protoc and its Python library, as confluent-kafka for
 * Python registers and writes them. Its map is written out, and counts among the messages nested in it.
 */
export const describedOrder = {
  schema:
    'CgtvcmRlci5wcm90bxIEc2hvcCK0AgoFT3JkZXISCgoCaWQYASABKAkSJQoFbGluZXMYAiADKAsyFi5zaG9wLk9yZGVyLkxpbmVzRW50cnkSIAoFc3RhdGUYAyABKA4yES' +
    '5zaG9wLk9yZGVyLlN0YXRlEg4KBGNhcmQYBCABKAlIABIOCgRjYXNoGAUgASgISAASDQoFc3RlcHMYBiADKBESEQoFbG9vc2UYByADKAVCAhAAGj4KCkxpbmVzRW50cnkS' +
    'CwoDa2V5GAEgASgJEh8KBXZhbHVlGAIgASgLMhAuc2hvcC5PcmRlci5MaW5lOgI4ARoxCgRMaW5lEgsKA3NrdRgBIAEoAxISCgVjb3VudBgCIAEoBUgAiAEBQggKBl9jb3' +
    'VudCIaCgVTdGF0ZRIHCgNORVcQABIICgRQQUlEEAFCBQoDcGF5YgZwcm90bzM=',
  bytes: Buffer.from('0a016112100a0178120b0881808080808080101000180128013202010438033804', 'hex'),
  text: '{"id": "a", "lines": {"x": {"sku": 9007199254740993, "count": 0}}, "state": "PAID", "cash": true, "steps": [-1, 2], "loose": [3, 4]}',
} as const;
