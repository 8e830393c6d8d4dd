import type * as Sdk from '@aws-sdk/client-ec2';
import type {
  EC2Client as SdkClient,
  EC2ClientConfig,
  EC2ClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
  $Command,
} from '@aws-sdk/client-ec2';
import { Ec2LineError } from './ec2-fault';
import { fromSdk } from './sdk-error';

export type Ec2Sdk = typeof Sdk;

/** A command of the SDK, for example `RunInstancesCommand`. */
export type Ec2Command<Input extends ServiceInputTypes, Output extends ServiceOutputTypes> = $Command<
  Input,
  Output,
  EC2ClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes
>;

export interface Ec2ClientOptions {
  readonly region: string;
  readonly endpoint?: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** For one attempt, in milliseconds. */
  readonly callTimeoutMs: number;
  readonly maxAttempts: number;
}

/**
 * REPEATED: sent again after trouble. ONCE: not even then, because EC2 cannot tell a repetition from a second request,
 * or because whoever asks is to hear of the trouble.
 */
export type Attempts = 'REPEATED' | 'ONCE';

interface Loaded {
  readonly sdk: Ec2Sdk;
  readonly clients: Readonly<Record<Attempts, SdkClient>>;
}

/** Within the limit on sockets per process, and more than EC2's own limits on requests ever fill. */
const MAX_SOCKETS = 64;

/**
 * The SDK, loaded with the first request: it costs hundreds of milliseconds and tens of megabytes, which a gateway without
 * EC2 need not pay.
 */
export class Ec2Client {
  private loading: Promise<Loaded> | null = null;

  constructor(private readonly options: Ec2ClientOptions) {}

  /** @throws Ec2Fault, Ec2LineError, or the reason of the abortion */
  async send<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    command: (sdk: Ec2Sdk) => Ec2Command<Input, Output>,
    attempts: Attempts,
    signal: AbortSignal,
  ): Promise<Output> {
    signal.throwIfAborted();
    const { sdk, clients } = await this.load();
    const request = command(sdk);
    try {
      const answer = await clients[attempts].send(request, { abortSignal: signal });
      requireList(request.constructor.name, answer);
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      throw fromSdk(error);
    }
  }

  /** Safe to repeat. */
  async close(): Promise<void> {
    const loaded = await this.loading?.catch(() => null);
    if (!loaded) return;
    loaded.clients.REPEATED.destroy();
    loaded.clients.ONCE.destroy();
  }

  private load(): Promise<Loaded> {
    this.loading ??= this.loadOnce();
    return this.loading;
  }

  private async loadOnce(): Promise<Loaded> {
    // It warns of what versions after the installed one will need, at every start.
    // eslint-disable-next-line no-restricted-properties -- the only way to tell it so; nothing is read
    process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
    const sdk = await import('@aws-sdk/client-ec2');
    const settings = settingsOf(sdk, this.options);
    const repeated = new sdk.EC2Client({
      ...settings,
      retryMode: 'adaptive',
      maxAttempts: this.options.maxAttempts,
    });
    // One pool of connections for both.
    const { requestHandler } = repeated.config;
    const once = new sdk.EC2Client({ ...settings, requestHandler, retryMode: 'standard', maxAttempts: 1 });
    return { sdk, clients: { REPEATED: repeated, ONCE: once } };
  }
}

/**
 * EC2 answers a question for a list with a list, if an empty one. Of the page of a proxy the SDK makes an answer without
 * any, which must not pass for objects that are gone.
 */
function requireList(command: string, answer: object): void {
  if (!command.startsWith('Describe') || Object.keys(answer).some((key) => key !== '$metadata')) return;
  throw new Ec2LineError('BAD_ANSWER', `${command}: an answer without a list`);
}

/** Whatever the SDK would else look up in the environment and in files of the user. */
function settingsOf(sdk: Ec2Sdk, options: Ec2ClientOptions): EC2ClientConfig {
  const {
    region,
    endpoint = addressOf(sdk, region),
    accessKeyId,
    secretAccessKey,
    sessionToken,
    callTimeoutMs,
  } = options;
  return {
    region,
    endpoint,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    defaultsMode: 'standard',
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    requestHandler: {
      connectionTimeout: callTimeoutMs,
      requestTimeout: callTimeoutMs,
      // The other two end with the first byte of the answer.
      socketTimeout: callTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
    },
  };
}

/** AWS's own address: left out, AWS_ENDPOINT_URL and the user's files would say where signed requests go. */
function addressOf(sdk: Ec2Sdk, region: string): string {
  const { endpointProvider } = new sdk.EC2Client({ region }).config;
  return endpointProvider({ Region: region, UseDualStack: false, UseFIPS: false }).url.href;
}
