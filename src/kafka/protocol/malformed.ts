import { HumanError } from '../../shared/errors.ts';

/** Bytes that are not what they should be: cut off, corrupted, or of something else. */
export class MalformedError extends HumanError {
  /** Kafka's name of the message, such as MetadataResponse; empty outside of one. */
  readonly messageName: string;
  /** -1 outside of a message. */
  readonly version: number;
  /** Bytes from the start of the frame (or of whatever the reader was given) to what could not be read. */
  readonly position: number;

  constructor(messageName: string, version: number, position: number, problem: string) {
    const what = messageName === '' ? 'The bytes' : `${messageName} version ${version}`;
    super(`${what} cannot be read: ${problem} at byte ${position}.`);
    this.messageName = messageName;
    this.version = version;
    this.position = position;
  }
}
