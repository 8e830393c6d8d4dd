import { describeSessionLoss } from './session-loss';

describeSessionLoss('vm');
