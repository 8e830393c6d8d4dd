import { createHash, createHmac } from 'node:crypto';

export interface Signing {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  readonly service?: string;
  /** When it was signed; now where unset. */
  readonly at?: Date;
  /** The scope's day where it is not that of `at`. */
  readonly day?: string;
}

export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
  readonly text: string;
}

/** Headers of a request as a client that was written for this test alone would sign it. */
export function signedHeaders(endpoint: string, form: string, signing: Signing): Record<string, string> {
  const { region, service = 'ec2', at = new Date() } = signing;
  const timestamp = at.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = signing.day ?? timestamp.slice(0, 8);
  const type = 'application/x-www-form-urlencoded; charset=utf-8';
  const { host } = new URL(endpoint);
  const canonical = `POST\n/\n\ncontent-type:${type}\nhost:${host}\nx-amz-date:${timestamp}\n\ncontent-type;host;x-amz-date\n${sha256(form)}`;
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = `AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(canonical)}`;
  const key = [day, region, service, 'aws4_request'].reduce<Buffer>(
    (last, part) => createHmac('sha256', last).update(part).digest(),
    Buffer.from(`AWS4${signing.secretAccessKey}`),
  );
  const signature = createHmac('sha256', key).update(toSign).digest('hex');
  return {
    'content-type': type,
    'x-amz-date': timestamp,
    authorization: `AWS4-HMAC-SHA256 Credential=${signing.accessKeyId}/${scope}, SignedHeaders=content-type;host;x-amz-date, Signature=${signature}`,
  };
}

/** Sends a form and reads the refusal; its code is empty when it was not refused. */
export async function post(
  endpoint: string,
  form: string,
  headers: Record<string, string>,
): Promise<Refusal> {
  const response = await fetch(endpoint, { method: 'POST', headers, body: form });
  const text = await response.text();
  const read = (name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? '';
  const requestId = response.headers.get('x-amzn-requestid') ?? '';
  return { status: response.status, code: read('Code'), message: read('Message'), requestId, text };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
