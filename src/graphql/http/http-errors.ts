import type { Duplex } from 'node:stream';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, type Logger } from '../../kernel';
import { requestIdFrom } from '../request-id';
import { limitExceeded } from '../limits/document-limits';
import { errorBody, httpStatusOf, logFaults } from '../errors/error-mask';

/** Fastify's own refusals, in our words: theirs may quote the body. */
function translate(error: Partial<FastifyError>, maxBodyBytes: number): unknown {
  if (error instanceof AppError) return error;
  switch (error.statusCode) {
    case 413:
      return limitExceeded('bodyBytes', maxBodyBytes, null);
    case 415:
      return new AppError('INVALID_ARGUMENT', 'Send the body as application/json.');
    case 503:
      return new AppError('UNAVAILABLE', 'The gateway is restarting.');
    case undefined:
    case 500:
      return error;
    default:
      return error.statusCode < 500
        ? new AppError('INVALID_ARGUMENT', 'The request is malformed; a JSON body is expected.')
        : error;
  }
}

function statusFor(error: Partial<FastifyError>, reply: FastifyReply, translated: unknown): number {
  if (error.statusCode !== undefined) return error.statusCode;
  return reply.statusCode >= 400 ? reply.statusCode : httpStatusOf(translated);
}

/** Answers a request that failed outside of Apollo in the shape of a GraphQL error. */
export function answerError(
  error: Partial<FastifyError>,
  request: FastifyRequest,
  reply: FastifyReply,
  { logger, maxBodyBytes }: { readonly logger: Logger; readonly maxBodyBytes: number },
): void {
  const translated = translate(error, maxBodyBytes);
  logFaults([translated], logger.child({ requestId: request.id }));
  const status = statusFor(error, reply, translated);
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  void reply.header('x-request-id', request.id).code(status).send(errorBody(translated, request.id));
}

/** Answers what is not even HTTP, and closes. Nothing of it is known, so the request id is a new one. */
export function answerClientError(error: { readonly code?: string }, socket: Duplex, logger: Logger): void {
  const requestId = requestIdFrom(undefined);
  logger.info({ requestId, code: error.code }, 'malformed HTTP');
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(
    errorBody(new AppError('INVALID_ARGUMENT', 'This is not valid HTTP.'), requestId),
  );
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nX-Request-Id: ${requestId}\r\n\r\n${body}`,
  );
}

export function registerErrorHandlers(app: FastifyInstance, logger: Logger, maxBodyBytes: number): void {
  app.setErrorHandler((error: Partial<FastifyError>, request: FastifyRequest, reply: FastifyReply) => {
    answerError(error, request, reply, { logger, maxBodyBytes });
  });
  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    const error = new AppError('NOT_FOUND', 'There is nothing here; the API is at POST /graphql.');
    answerError(error, request, reply, { logger, maxBodyBytes });
  });
}
