import { describeProvider } from '../../conformance';
import { ec2Harness } from './harness';

describeProvider(ec2Harness({ name: 'ec2 against its simulator', timeoutMs: 30_000 }));
