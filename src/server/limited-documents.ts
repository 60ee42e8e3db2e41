/** The limits of documents at work: nothing of one beyond them is validated, compiled or executed. */
import { type DocumentNode, GraphQLError, parse } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { DOCUMENT_LIMITS, exceededLimit, MOST_TOKENS } from './document-limits.ts';

/** For a server: parses as many tokens as are allowed and refuses documents beyond the limits with code LIMIT_EXCEEDED. */
export function useDocumentLimits(): Plugin {
  // The server keeps parsed documents: each is measured once.
  const measured = new WeakMap<DocumentNode, readonly GraphQLError[]>();
  const faultsOf = (document: DocumentNode): readonly GraphQLError[] => {
    const known = measured.get(document);
    if (known !== undefined) return known;
    const exceeded = exceededLimit(document, DOCUMENT_LIMITS);
    const faults = exceeded === undefined ? [] : [limitError(exceeded)];
    measured.set(document, faults);
    return faults;
  };
  return {
    onParse: ({ setParseFn }) => {
      setParseFn((source, parseOptions) => {
        try {
          return parse(source, { ...parseOptions, maxTokens: MOST_TOKENS });
        } catch (thrown) {
          if (thrown instanceof RangeError) throw limitError('is nested too deep');
          const tooLong = thrown instanceof GraphQLError && thrown.message.includes('tokens. Parsing aborted');
          throw tooLong ? limitError(`has more than ${MOST_TOKENS} tokens`) : thrown;
        }
      });
    },
    onValidate: ({ params, setResult }) => {
      const faults = faultsOf(params.documentAST);
      // Instead of the other rules: some of them take time that doubles with each fragment.
      if (faults.length > 0) setResult(faults);
    },
  };
}

function limitError(what: string): GraphQLError {
  return new GraphQLError(`The document ${what}`, { extensions: { code: 'LIMIT_EXCEEDED' } });
}
