namespace Cete.Hocon.Tests;

public sealed class SmokeTests
{
    [Theory]
    [InlineData("a=1", """{"a":1}""")]
    [InlineData("", "{}")]
    [InlineData("[1,2\n3,]", "[1,2,3]")]
    [InlineData("a.b.c : foo bar\na { d = ${a.b} }", """{"a":{"b":{"c":"foo bar"},"d":{"c":"foo bar"}}}""")]
    [InlineData("foo : { a : { c : 1 } }\nfoo : ${foo.a}\nfoo : { a : 2 }", """{"foo":{"a":2,"c":1}}""")]
    [InlineData("bar : { foo : 42, baz : ${bar.foo} }\nbar : { foo : 43 }", """{"bar":{"foo":43,"baz":43}}""")]
    [InlineData("bar : { a : ${foo.d}, b : 1 }\nbar.b = 3\nfoo : { c : ${bar.b}, d : 2 }\nfoo.d = 4", """{"bar":{"a":4,"b":3},"foo":{"c":3,"d":4}}""")]
    [InlineData("a : ${?a}foo", """{"a":"foo"}""")]
    [InlineData("path : \"a:b:c\"\npath : ${path}\":d\"", """{"path":"a:b:c:d"}""")]
    [InlineData("path : [ /etc, /home ]\npath : ${path} [ /usr/bin ]\npath += /x", """{"path":["/etc","/home","/usr/bin","/x"]}""")]
    [InlineData("a=${base}\nbase={x=[1]}\na={x=${a.x}[2]}\na=${a}{x=${a.x}[3]}", """{"a":{"x":[1,2,3]},"base":{"x":[1]}}""")]
    public void Resolves(string text, string json) => Assert.Equal(json, Given.Json(text));
}
