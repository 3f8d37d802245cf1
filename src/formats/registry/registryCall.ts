import { CancelledError, HumanError } from '../../shared/errors.ts';
import { t } from '../../shared/l10n.ts';

/** How a registry is reached. */
export interface RegistryAccess {
  /** http or https, with a path where the registry has one (`https://host/apis/ccompat/v7`). */
  readonly url: string;
  /** Asked for with each request: secrets are read when they are needed, and are not kept. */
  readonly auth: () => Promise<RegistryAuth>;
  /** For one request, milliseconds; 5 s where left out. */
  readonly timeoutMs?: number;
}

export type RegistryAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

/** No schema is as large. */
const maxAnswerBytes = 20_000_000;

/**
 * Asks the registry; `body` is its JSON. Any status but those of refused credentials is the caller's to judge. @throws {HumanError} where it
 * cannot be reached, refuses, or answers something else than JSON. @throws {CancelledError}
 */
export async function ask(
  access: RegistryAccess,
  path: string,
  signal: AbortSignal,
): Promise<{ status: number; body: unknown }> {
  const timeoutMs = access.timeoutMs ?? 5000;
  const auth = await access.auth();
  const timeout = AbortSignal.timeout(timeoutMs);
  let status: number;
  let text: string;
  try {
    // VS Code's own fetch, with its proxy settings and the system's certificates.
    const response = await fetch(`${access.url.replace(/\/+$/, '')}/${path}`, {
      headers: {
        Accept: 'application/vnd.schemaregistry.v1+json, application/json',
        ...authorization(auth),
      },
      signal: AbortSignal.any([signal, timeout]),
    });
    status = response.status;
    text = await bodyOf(response);
  } catch (error) {
    if (signal.aborted) throw new CancelledError({ cause: error });
    if (error instanceof HumanError) throw error;
    if (timeout.aborted) {
      throw new HumanError(
        t('The Schema Registry {0} did not answer within {1} s.', access.url, timeoutMs / 1000),
        t('Check that it is up and that no firewall is between.'),
        { cause: error },
      );
    }
    throw unreachable(access.url, error);
  }
  if (status === 401 || status === 403) {
    throw new HumanError(
      auth.kind === 'none'
        ? t('The Schema Registry {0} wants to know who asks (status {1}).', access.url, status)
        : t('The Schema Registry {0} refused the credentials (status {1}).', access.url, status),
      t('Set them with "Set Schema Registry...".'),
    );
  }
  try {
    return { status, body: JSON.parse(text) as unknown };
  } catch (error) {
    if (status !== 200) return { status, body: undefined };
    throw new HumanError(
      t('What {0} answered is no JSON.', access.url),
      t('Check that the address is that of a Schema Registry, with its path where it has one.'),
      { cause: error },
    );
  }
}

function authorization(auth: RegistryAuth): Record<string, string> {
  if (auth.kind === 'basic') {
    return { Authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}` };
  }
  return auth.kind === 'bearer' ? { Authorization: `Bearer ${auth.token}` } : {};
}

async function bodyOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > maxAnswerBytes) throw new HumanError(t('{0} answers with more than a schema can be.', response.url));
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Codes and words of Node's TLS and of the editor's own network stack. */
const certificate = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|certificate/i;
const protocol = /ERR_SSL|EPROTO|SSL_|wrong version number/i;

function unreachable(url: string, error: unknown): HumanError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const { code = '' } = (cause ?? {}) as { code?: string };
  const message = cause instanceof Error ? cause.message : String(cause);
  const words = `${code} ${message}`;
  const detail = message === '' ? code : message;
  if (certificate.test(words)) {
    return new HumanError(
      t('The certificate of the Schema Registry {0} is not trusted: {1}.', url, detail),
      t("Add its certificate authority to the system's, and check that the name fits."),
      { cause: error },
    );
  }
  if (protocol.test(words)) {
    return new HumanError(
      t('The Schema Registry {0} does not speak TLS: {1}.', url, detail),
      t('Try http:// in place of https://.'),
      { cause: error },
    );
  }
  return new HumanError(
    t('The Schema Registry {0} cannot be reached: {1}.', url, detail),
    t('Check the address and that it is up.'),
    { cause: error },
  );
}
