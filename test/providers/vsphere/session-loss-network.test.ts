import { describeSessionLoss } from './session-loss';

describeSessionLoss('network');
