import { describeSessionLoss } from './vsphere-session-loss';

describeSessionLoss('network');
