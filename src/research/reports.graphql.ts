import { defineEntity } from '../graphql/define-entity.ts';
import { addOrigin } from '../history/origin.graphql.ts';
import { reports } from './reports.read.ts';

addOrigin(defineEntity(reports));
