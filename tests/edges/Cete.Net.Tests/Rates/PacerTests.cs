using Cete.Actors.Tests;
using Cete.Core;
using Cete.Net.Rates;
using Cete.Net.Swarms;
using Cete.Testing;

namespace Cete.Net.Tests.Rates;

/// <summary>Limits on what is sent and fetched, by a clock that is moved by hand.</summary>
public sealed class PacerTests : IDisposable
{
    private static readonly KeyId Anna = KeyId.Of("anna"u8);
    private static readonly KeyId Bert = KeyId.Of("bert"u8);
    private readonly ManualTime _time = new();
    private readonly Pacer _pacer;

    public PacerTests() => _pacer = new Pacer(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _pacer.Dispose();

    [Fact]
    public async Task WithoutALimitNothingIsWaitedForAndNothingIsKept()
    {
        await _pacer.WaitAsync(Anna, 1_000, Cancel);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            var wait = _pacer.WaitAsync(Anna, 1_000_000, Cancel);
            Assert.True(wait.IsCompletedSuccessfully);
            await wait;
        }

        // What completed at once goes on in the same thread, and for what the test itself needs little is enough.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
        Assert.Equal(0, _time.TimerCount);
    }

    [Fact]
    public async Task WhoWaitsGoesWhenItIsTime()
    {
        _pacer.Limit(10_000);
        await _pacer.WaitAsync(Anna, 10_000, Cancel);
        var next = _pacer.WaitAsync(Anna, 10_000, Cancel).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(899));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(2));
        await next;
    }

    [Fact]
    public async Task OnesManyConnectionsBringNoMoreThanAnothersOne()
    {
        _pacer.Limit(10_000);
        await _pacer.WaitAsync(Anna, 10_000, Cancel);
        List<Task> many = [.. Enumerable.Range(0, 8).Select(_ => _pacer.WaitAsync(Anna, 10_000, Cancel).AsTask())];
        var one = _pacer.WaitAsync(Bert, 10_000, Cancel).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        await one;
        Assert.DoesNotContain(many, task => task.IsCompleted);
        one = _pacer.WaitAsync(Bert, 10_000, Cancel).AsTask();
        _time.Advance(TimeSpan.FromSeconds(2));
        await one;
        await Eventually.TrueAsync(() => many.Count(task => task.IsCompleted) == 1, "one of the many went");
    }

    [Fact]
    public async Task AnotherLimitHoldsAtOnceForThoseWhoWait()
    {
        _pacer.Limit(1_000);
        await _pacer.WaitAsync(Anna, 60_000, Cancel);
        List<Task> waiting = [.. Enumerable.Range(0, 10).Select(_ => _pacer.WaitAsync(Anna, 60_000, Cancel).AsTask())];
        _pacer.Limit(60_000);
        await Eventually.TrueAsync(() => waiting.Count(task => task.IsCompleted) == 1, "the next one goes");
        _pacer.Limit(0);
        await Task.WhenAll(waiting);
        Assert.True(_pacer.IsOpen);
    }

    [Fact]
    public async Task WhoGoesAwayIsLetGoAndTakesNothing()
    {
        _pacer.Limit(1_000);
        await _pacer.WaitAsync(Anna, 1_000, Cancel);
        using var gone = new CancellationTokenSource();
        var left = _pacer.WaitAsync(Anna, 1_000_000, gone.Token).AsTask();
        var next = _pacer.WaitAsync(Anna, 1_000, Cancel).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        _time.Advance(TimeSpan.FromSeconds(1));
        await next;
    }

    [Fact]
    public async Task WhatIsFetchedIsReadNoFasterAndHeldIsSaid()
    {
        _pacer.Limit(32 * 1024);
        List<bool> held = [];
        await using var stream = new PacedStream(new MemoryStream(new byte[10_000]), _pacer, held.Add);
        var buffer = new byte[100_000];
        Assert.Equal(_pacer.Turn, await stream.ReadAsync(buffer, Cancel));
        Assert.Empty(held);
        var (all, reading) = (_pacer.Turn, stream.ReadAsync(buffer, Cancel).AsTask());
        while (all < 10_000)
        {
            while (!reading.IsCompleted)
            {
                _time.Advance(TimeSpan.FromMilliseconds(1));
                await Task.Yield();
            }

            all += await reading;
            reading = stream.ReadAsync(buffer, Cancel).AsTask();
        }

        Assert.Equal(0, await reading);
        Assert.Equal(10_000, all);
        Assert.Contains(true, held);
        Assert.False(held[^1]);
    }

    [Fact]
    public async Task TheNextSlotIsForWhoHasTheFewest()
    {
        using var slots = new UploadSlots(4, _time);
        for (var i = 0; i < 4; i++)
        {
            Assert.True(await slots.EnterAsync(Anna, Cancel));
        }

        var (more, other) = (slots.EnterAsync(Anna, Cancel), slots.EnterAsync(Bert, Cancel));
        slots.Leave(Anna);
        Assert.True(await other);
        Assert.False(more.IsCompleted);
        slots.Leave(Anna);
        Assert.True(await more);
        Assert.Equal(0, slots.Free);
    }

    [Fact]
    public async Task SlotsAreTakenAwayAsTheyBecomeFree()
    {
        using var slots = new UploadSlots(3, _time);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await slots.EnterAsync(Anna, Cancel));
        }

        slots.Resize(1);
        var waiting = slots.EnterAsync(Bert, Cancel);
        slots.Leave(Anna);
        slots.Leave(Anna);
        Assert.False(waiting.IsCompleted);
        slots.Leave(Anna);
        Assert.True(await waiting);
        var next = slots.EnterAsync(Anna, Cancel);
        Assert.False(next.IsCompleted);
        slots.Resize(2);
        Assert.True(await next);

        // Who waits too long goes away, and so does one of whom as many wait already.
        List<Task<bool>> late = [.. Enumerable.Range(0, 20).Select(_ => slots.EnterAsync(Anna, Cancel))];
        Assert.Equal(12, late.Count(task => task.IsCompleted));
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.DoesNotContain(true, await Task.WhenAll(late));
        Assert.True(slots.IsUsed);
    }
}
