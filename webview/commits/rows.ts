import type { CommitPartition, CommitRow, CommitsShow } from '../../src/ui/panels/commits/protocol.ts';
import { kindWord, ownerWord } from './words.ts';

export function isOf({ kind }: CommitRow, show: CommitsShow): boolean {
  if (show === 'all') return true;
  return show === 'moves' ? kind === 'rewind' || kind === 'jump' : kind === show;
}

export function keyOfCommit({ id }: CommitRow): string {
  return String(id);
}

export function keyOfPartition({ key }: CommitPartition): string {
  return key;
}

export function commitText(row: CommitRow): string {
  const { topic, partition, kind, offset, owner, metadata, generation } = row;
  const words = [
    `${topic}-${partition}`,
    kindWord(kind),
    offset,
    ownerWord(row),
    owner?.memberId,
    metadata,
    generation,
  ];
  return words.filter((word) => word !== undefined).join(' ');
}

export function partitionText({ topic, partition, owner }: CommitPartition): string {
  return `${topic}-${partition} ${owner ?? ''}`;
}

export function rowClassOf({ kind }: CommitRow): string {
  return `commit-${kind}`;
}
