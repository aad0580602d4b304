package dev.densestream.ingest;

import java.util.List;

/**
 * What becomes visible together: records to write, and the segment positions that are done with.
 * Published in one Kafka transaction with the offsets up to which every position of a partition is
 * done.
 *
 * @param records answers, dead letters, progress; in this order on each partition
 * @param done positions nobody needs again. A position that is not yet done holds back its
 *     partition's committed offset
 * @param basis one position per partition the records were computed from; if any of them is of an
 *     old epoch, nothing is written
 */
public record Settlement(
    List<TopicRecord> records, List<RecordPosition> done, List<RecordPosition> basis) {
  public Settlement {
    records = List.copyOf(records);
    done = List.copyOf(done);
    basis = List.copyOf(basis);
  }
}
