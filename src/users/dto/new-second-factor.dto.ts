/** A secret for an authenticator program, shown once. It counts once it is confirmed. */
export class NewSecondFactorDto {
  /**
   * In base 32, for typing.
   * @example "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
   */
  secret: string;

  /**
   * The same for a picture: what authenticator programs scan.
   * @example "otpauth://totp/Assay:ada%40example.org?issuer=Assay&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
   */
  uri: string;
}
