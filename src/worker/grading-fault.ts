/** Assay could not grade, whoever handed in what: our fault, to be tried again. The message is for operators. */
export class GradingFault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'GradingFault';
  }
}
