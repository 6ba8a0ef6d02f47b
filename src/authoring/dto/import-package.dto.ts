import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsObject, IsString, ValidateNested } from 'class-validator';
import { IfPresent } from '../../http/if-present.decorator.js';
import { MaxLength } from '../../http/text.decorators.js';
import { PACKAGE_FORMATS, type PackageFormat } from '../../packages/translated-package.js';

const ENCODINGS = ['utf8', 'base64'] as const;

/** The file that is a package. */
export class PackageFileDto {
  /**
   * Its name. `.zip` (also `.kpp`) and `.tar.gz` are unpacked; any other file is the package by itself.
   * @example "oddecho.zip"
   */
  @IsString()
  @MaxLength(1_024)
  path: string;

  /**
   * What it holds, as `encoding` says.
   * @example "UEsDBBQAAAAIAA=="
   */
  @IsString()
  content: string;

  /**
   * `utf8`: `content` is the text itself. `base64`: `content` is base64 (RFC 4648, section 4) of the bytes.
   * @example "base64"
   */
  @ApiProperty({ enum: ENCODINGS, default: 'utf8', required: false })
  @IfPresent()
  @IsIn(ENCODINGS)
  encoding?: 'utf8' | 'base64';
}

/** A package that becomes an assignment. */
export class ImportPackageDto {
  /** The package: at most 10 MiB as it is sent, and 3,000 files with 100 MiB unpacked. */
  @IsObject()
  @ValidateNested()
  @Type(() => PackageFileDto)
  file: PackageFileDto;

  /**
   * What kind of package it is.
   * @example "kattis"
   */
  @ApiProperty({ enum: PACKAGE_FORMATS })
  @IsIn(PACKAGE_FORMATS)
  format: PackageFormat;

  /**
   * Key of the runtime, or several with commas between them, among which the student chooses. Left out: as the package says.
   * @example "python"
   */
  @IfPresent()
  @IsString()
  @MaxLength(200)
  runtime?: string;

  /**
   * `false`: its model submissions are not tried now. Left out: they are.
   * @example true
   */
  @ApiProperty({ type: Boolean, required: false, default: true })
  @IfPresent()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  verify?: boolean;
}
