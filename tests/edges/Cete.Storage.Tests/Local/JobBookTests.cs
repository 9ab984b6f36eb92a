using Cete.Ports;
using Cete.Storage.Local;

namespace Cete.Storage.Tests.Local;

/// <summary>Downloads on disk: what earlier versions kept is read too.</summary>
public sealed class JobBookTests : IDisposable
{
    /// <summary>As it was written before there were priorities, places and sources.</summary>
    private const string Old = """
        {"id":3,"request":{"what":["/film"],"to":"/out","overwrite":false,"atOnce":4,"patienceSeconds":60,"node":"http://127.0.0.1:2383/","trust":null},
        "state":"Paused","added":"2026-01-02T03:04:05+00:00","ended":null,
        "progress":{"current":"film","done":10,"total":20,"fetched":10,"files":0,"alreadyThere":0},"seconds":1.5,"problems":[]}
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_an_earlier_version_kept_is_read_and_kept_again()
    {
        var book = new JobBook(_folder.Path);
        File.WriteAllText(Path.Combine(_folder.Path, "000000003.json"), Old);
        File.WriteAllText(Path.Combine(_folder.Path, "000000004.json"), Old.Replace("\"Paused\"", "\"Sleeping\"", StringComparison.Ordinal));
        var job = book.All().Single();
        Assert.Equal((JobPriority.Normal, null, 0L), (job.Priority, job.Place, job.Earlier.Fetched));
        Assert.Empty(job.Progress.Sources);
        Assert.Null(job.Request.Priority);
        var moved = job with
        {
            Priority = JobPriority.High,
            Place = -2,
            Earlier = new JobEarlier(5, new JobOrigins(1, 2, 2)),
            Progress = job.Progress with { From = new JobOrigins(3, 3, 4), Sources = [new JobSource("http://n", 3) { Kind = JobSourceKind.Node }] },
        };
        Assert.Null(book.Keep(moved));
        var read = book.All().Single();
        Assert.Equal((JobPriority.High, -2L, 15L), (read.Priority, read.Place, read.FetchedInAll));
        Assert.Equal(new JobOrigins(4, 5, 6), read.FromInAll);
        Assert.Equal(JobSourceKind.Node, read.Progress.Sources.Single().Kind);
        book.Forget(3);
        Assert.Empty(book.All());
    }
}
