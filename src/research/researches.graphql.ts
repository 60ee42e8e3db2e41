import { defineEntity } from '../graphql/define-entity.ts';
import { addOrigin } from '../history/origin.graphql.ts';
import { researches } from './researches.read.ts';

addOrigin(defineEntity(researches));
