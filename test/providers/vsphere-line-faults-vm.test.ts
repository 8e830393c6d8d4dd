import { describeLineFaults } from './vsphere-line-faults';

describeLineFaults('vm');
