import { AppError, type ErrorCode, type ErrorDetails, httpStatus } from '../kernel/errors.ts';

/** A refusal by the transport, whose HTTP status says more than its code does (413, 415). */
export class HttpError extends AppError {
  readonly status: number;

  constructor(status: number, code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(code, message, details);
    this.status = status;
  }
}

/** The HTTP status of any AppError. */
export function statusOf(error: AppError): number {
  return error instanceof HttpError ? error.status : httpStatus(error);
}
