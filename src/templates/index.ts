export type { Template } from './template';
export { templateLoader } from './template.loader';
export { TemplateRealizationResolver, TemplateResolver } from './template.resolver';
export { TemplateService } from './template.service';
export { TemplateStore } from './template.store';
export { realizationTable, templateTable } from './template.table';
export { TemplateType, toTemplateType } from './template.type';
