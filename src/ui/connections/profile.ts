/** A cluster as people write it into their settings (`kafkaDebugger.clusters`); never holds a secret. */
export interface ClusterProfile {
  /** Unique; what people call the cluster. */
  readonly name: string;
  /** host:port, at least one. */
  readonly bootstrapServers: readonly string[];
  /** Changes ask twice, and its name is marked everywhere. */
  readonly production?: boolean;
  /** Nothing is changed there: commands that would are refused. */
  readonly readOnly?: boolean;
  /** A `charts.*` colour name: red, orange, yellow, green, blue, purple. */
  readonly color?: string;
  readonly schemaRegistry?: RegistryProfile;
}

/** A Schema Registry as the settings name it. Its password or token is in the editor's secret storage. */
export interface RegistryProfile {
  /** http or https, with a path where it has one; no credentials. */
  readonly url: string;
  /** `none` where left out, `basic` where only a user name is given. */
  readonly auth?: 'none' | 'basic' | 'bearer';
  /** For `basic`. */
  readonly username?: string;
}
