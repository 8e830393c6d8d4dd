import { describeLineFaults } from './line-faults';

describeLineFaults('vm');
