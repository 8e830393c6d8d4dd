import { ApiError } from '../wire/api-error';

/** Before it is encoded. */
const MAX_BYTES = 16_384;

/** @throws ApiError when it is no base64, or more than 16 KiB of something else */
export function checkUserData(base64: string): void {
  const plain = base64.replace(/[\r\n]/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(plain) || plain.length % 4 !== 0) {
    throw new ApiError('InvalidParameterValue', 'Invalid BASE64 encoding of user data.');
  }
  if (Buffer.from(plain, 'base64').length > MAX_BYTES) {
    throw new ApiError('InvalidParameterValue', `User data is limited to ${MAX_BYTES} bytes`);
  }
}
