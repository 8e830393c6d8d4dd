/** Answered with the plain HTTP status 503: the server is too busy to speak SOAP. */
export class Overloaded extends Error {}
