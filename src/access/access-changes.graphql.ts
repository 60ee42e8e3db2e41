import { defineEntity } from '../graphql/define-entity.ts';
import { accessChanges } from './access-changes.read.ts';

defineEntity(accessChanges);
