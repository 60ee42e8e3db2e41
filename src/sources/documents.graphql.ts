import { defineEntity } from '../graphql/define-entity.ts';
import { documents } from './documents.read.ts';

defineEntity(documents);
