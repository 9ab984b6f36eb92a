using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cete.Api;

namespace Cete.Net.Tests;

/// <summary>Answers as values.</summary>
internal static class Reading
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The problem that an answer holds, which it must.</summary>
    public static async Task<Problem> ReadProblemAsync(this HttpResponseMessage answer)
    {
        Assert.Equal(Problems.MediaType, answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(Cancel), ApiJson.Default.Problem)!;
        Assert.Equal((int)answer.StatusCode, problem.Status);
        Assert.StartsWith("urn:cete:problem:", problem.Type, StringComparison.Ordinal);
        Assert.False(string.IsNullOrWhiteSpace(problem.Title) || string.IsNullOrWhiteSpace(problem.Detail));
        return problem;
    }

    /// <summary>What is to be paid, as an answer says that is 402.</summary>
    public static async Task<PaymentProblem> ReadBillAsync(this HttpResponseMessage answer)
    {
        Assert.Equal(402, (await answer.ReadProblemAsync()).Status);
        return (await answer.Content.ReadFromJsonAsync(ApiJson.Default.PaymentProblem, Cancel))!;
    }

    public static async Task<T> ReadAsync<T>(this HttpResponseMessage answer, JsonTypeInfo<T> type)
    {
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        return (await answer.Content.ReadFromJsonAsync(type, Cancel))!;
    }

    public static async Task<HttpResponseMessage> SendAsync(
        this TestNode node, HttpMethod method, string path, string body, string type = "application/json", params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, type) };
        foreach (var (name, value) in fields)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await node.Http.SendAsync(request, Cancel);
    }

    public static async Task<HttpResponseMessage> SendAsync(
        this TestNode node, HttpMethod method, string path, ReadOnlyMemory<byte> body, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ReadOnlyMemoryContent(body) };
        foreach (var (name, value) in fields)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await node.Http.SendAsync(request, Cancel);
    }
}
