using System.Globalization;
using System.Text;
using Cete.Core;
using Cete.Groups;

namespace Cete.CrashHost;

/// <summary>Writes down every number that it is given, as often as it is given; the answer is how many its loop has by then.</summary>
internal sealed class NumbersMachine : IStateMachine
{
    public int LevelMax => 1;

    public void Raise(int level, SqlSession sql) => sql.Script("""
        CREATE TABLE numbers (log_index BIGINT PRIMARY KEY, loop BIGINT NOT NULL, number BIGINT NOT NULL);
        CREATE TABLE counts (loop BIGINT PRIMARY KEY, count BIGINT NOT NULL);
        """);

    public Outcome<ReadOnlyMemory<byte>> Apply(AppliedCommand command, ApplyContext context)
    {
        var words = Encoding.UTF8.GetString(command.Body.Span).Split(' ');
        var (loop, number) = (long.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture));
        context.Sql.Execute("INSERT INTO numbers (log_index, loop, number) VALUES (@p1, @p2, @p3)", command.Index, loop, number);
        context.Sql.Execute("INSERT INTO counts (loop, count) VALUES (@p1, 1) ON CONFLICT (loop) DO UPDATE SET count = count + 1", loop);
        var count = context.Sql.Scalar<long>("SELECT count FROM counts WHERE loop = @p1", loop);
        return (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(count.ToString(CultureInfo.InvariantCulture));
    }
}
