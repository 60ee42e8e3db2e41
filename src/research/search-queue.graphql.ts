import { defineEntity } from '../graphql/define-entity.ts';
import { addOrigin } from '../history/origin.graphql.ts';
import { searchQueue } from './search-queue.read.ts';

addOrigin(defineEntity(searchQueue));
