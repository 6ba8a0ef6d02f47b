import { CourseDto } from './course.dto.js';

/** One page of courses. */
export class CoursePageDto {
  /** The courses, newest first. */
  items: CourseDto[];

  /**
   * Send it as `cursor` for the next page; null on the last one.
   * @example "MDFhMWY5M2ItYTI4My03MTk3LTg3ZjEtNDIyMWIxM2Q1YWIw"
   */
  nextCursor: string | null;
}
