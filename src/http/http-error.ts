import { AppError, type ErrorCode, type ErrorDetails, httpStatus } from '../kernel/errors.ts';

export interface HttpErrorDetails extends ErrorDetails {
  /** Seconds after which the same may be asked again. */
  readonly retryAfter?: number;
}

/** A refusal by the transport, whose HTTP status says more than its code does (409, 413, 415). */
export class HttpError extends AppError {
  readonly status: number;
  readonly retryAfter: number | undefined;

  constructor(status: number, code: ErrorCode, message: string, details: HttpErrorDetails = {}) {
    super(code, message, details);
    this.status = status;
    this.retryAfter = details.retryAfter;
  }
}

/** The HTTP status of any AppError. */
export function statusOf(error: AppError): number {
  return error instanceof HttpError ? error.status : httpStatus(error);
}
