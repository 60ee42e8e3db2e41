/** The field option `needs`: the right that a field asks for stands in one place, checked at each call and told by the schema. */
import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import { AppError } from '../kernel/errors.ts';
import { type Right, requireRight, rightInWords } from '../kernel/rights.ts';
import type { GraphqlContext } from './context.ts';

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      rights: RightsPlugin<Types>;
    }
    interface FieldOptions<
      Types extends SchemaTypes = SchemaTypes,
      ParentShape = unknown,
      Type extends TypeParam<Types> = TypeParam<Types>,
      Nullable extends FieldNullability<Type> = FieldNullability<Type>,
      Args extends InputFieldMap = InputFieldMap,
      ResolveShape = unknown,
      ResolveReturnShape = unknown,
    > {
      /** Who may ask for this field; everyone who is signed in unless given. */
      needs?: Right;
    }
  }
}

class RightsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const { needs } = field.pothosOptions;
    if (needs === undefined) return field;
    return { ...field, description: [field.description, rightInWords(needs)].filter(Boolean).join(' ') };
  }

  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context']>,
    { pothosOptions: { needs } }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context']> {
    return needs === undefined ? resolve : guarded(resolve, needs);
  }

  override wrapSubscribe(
    subscribe: GraphQLFieldResolver<unknown, Types['Context']> | undefined,
    { pothosOptions: { needs } }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context']> | undefined {
    return needs === undefined || subscribe === undefined ? subscribe : guarded(subscribe, needs);
  }
}

function guarded<Context extends object>(
  resolve: GraphQLFieldResolver<unknown, Context>,
  right: Right,
): GraphQLFieldResolver<unknown, Context> {
  return (parent, given, context, info) => {
    if (!hasActor(context)) throw new AppError('INTERNAL', 'The context does not say who acts');
    requireRight(context, right);
    return resolve(parent, given, context, info);
  };
}

/** Plugins are typed for any context; ours always has one. */
const hasActor = <Context extends object>(context: Context): context is Context & Pick<GraphqlContext, 'actor'> =>
  'actor' in context;

SchemaBuilder.registerPlugin('rights', RightsPlugin);
