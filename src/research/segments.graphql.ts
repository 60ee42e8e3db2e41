import { defineEntity } from '../graphql/define-entity.ts';
import { addOrigin } from '../history/origin.graphql.ts';
import { segments } from './segments.read.ts';

addOrigin(defineEntity(segments));
