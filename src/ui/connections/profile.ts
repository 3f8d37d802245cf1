/** A cluster as people write it into their settings (`kafkaDebugger.clusters`); never holds a secret. */
export interface ClusterProfile {
  /** Unique; what people call the cluster. */
  readonly name: string;
  /** host:port, at least one. */
  readonly bootstrapServers: readonly string[];
  /** Changes ask twice, and its name is marked everywhere. */
  readonly production?: boolean;
  /** A `charts.*` colour name: red, orange, yellow, green, blue, purple. */
  readonly color?: string;
}
