/**
 * The `charts.*` theme colours that tell members apart, in the order in which they are given out. Not red, which means
 * trouble, nor orange, which VS Code's own dark themes make a brown that can hardly be seen.
 */
export const memberColorNames = ['blue', 'green', 'purple', 'yellow'] as const;

export type MemberColor = (typeof memberColorNames)[number];

/**
 * A colour for each member of a group, the same wherever the group is shown: by its place among the sorted member ids.
 * Groups with more members than colours use them again; colour is never all that tells two members apart.
 */
export function memberColors(memberIds: Iterable<string>): ReadonlyMap<string, MemberColor> {
  const sorted = [...memberIds].sort();
  return new Map(sorted.map((id, index) => [id, memberColorNames[index % memberColorNames.length]!]));
}
