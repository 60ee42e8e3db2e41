import { defineEntity } from '../graphql/define-entity.ts';
import { addOrigin } from '../history/origin.graphql.ts';
import { employees } from './employees.read.ts';

addOrigin(defineEntity(employees));
