export { Ec2Client } from './ec2-client';
export type { Attempts, Ec2ClientOptions, Ec2Command, Ec2Sdk } from './ec2-client';
export { Ec2Fault, Ec2LineError, isFault, isNotFound } from './ec2-fault';
export type { LineTrouble } from './ec2-fault';
