import { defineEntity } from '../graphql/define-entity.ts';
import { addOrigin } from '../history/origin.graphql.ts';
import { analyses } from './analyses.read.ts';

addOrigin(defineEntity(analyses));
