using Cete.Core;
using Cete.Groups.Store;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Groups.Import;

/// <summary>The records of a group as of one moment, as a stream: a header, then an event each, all behind their lengths.</summary>
internal static class ScanStream
{
    /// <summary>Bytes of one message of it: an event, its name, and numbers.</summary>
    private const int MessageBytesMax = Limits.EventBytesMax + (8 * ImportLimits.TypeLengthMax) + 256;

    /// <summary>Writes a scan within a transaction that reads; the applied index that it stands at.</summary>
    /// <param name="sql">The store.</param>
    /// <param name="source">Knows its records.</param>
    /// <param name="target">Where to.</param>
    /// <param name="mustStop">Somebody needs the store for itself.</param>
    public static Outcome<long> Write(SqlSession sql, IFeedSource source, Stream target, Func<bool> mustStop)
    {
        var page = FeedTable.Read(sql, after: 0, countMax: 0);
        var position = FeedTable.EndOf(page.Applied);
        var (at, level) = (ReplicaStore.Meta(sql, "stamp"), (int)ReplicaStore.Meta(sql, "level"));
        if (level < source.ScanLevel)
        {
            return new Failure(
                FailureKind.Unavailable, $"the group is at level {level}; it can be imported from level {source.ScanLevel} on, once all its nodes know it");
        }

        try
        {
            new Proto.ScanHeader { Epoch = page.Epoch, Position = position, Oldest = page.Oldest }.WriteDelimitedTo(target);
            foreach (var record in source.Scan(sql, level))
            {
                if (mustStop())
                {
                    return ReplicaBoard.IsBeingReplaced;
                }

                Check.That(record.Body.Length <= Limits.EventBytesMax && record.Type.Length is > 0 and <= ImportLimits.TypeLengthMax, record.Type);
                var told = new Proto.Event { Position = position, At = at, Type = record.Type, Body = UnsafeByteOperations.UnsafeWrap(record.Body) };
                told.WriteDelimitedTo(target);
            }

            target.Flush();
            return page.Applied;
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, "writing a scan");
        }
    }

    /// <summary>Takes the next message off a piece; null where it is not there as a whole.</summary>
    /// <exception cref="IOException">It is none.</exception>
    /// <exception cref="InvalidDataException">It is longer than any may be.</exception>
    public static T? Next<T>(MessageParser<T> parser, ReadOnlySpan<byte> piece, ref int offset)
        where T : class, IMessage<T>, new()
    {
        var (length, at) = (0L, offset);
        for (var shift = 0; ; shift += 7)
        {
            if (at == piece.Length)
            {
                return null;
            }

            length |= (long)(piece[at] & 0x7F) << shift;
            if (length > MessageBytesMax || shift > 28)
            {
                throw new InvalidDataException($"a record of more than {MessageBytesMax} bytes");
            }

            if (piece[at++] < 0x80)
            {
                break;
            }
        }

        if (piece.Length - at < length)
        {
            return null;
        }

        offset = at + (int)length;
        return ProtobufBytes.Read(parser, piece[at..offset]);
    }
}
