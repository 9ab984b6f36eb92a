namespace Cete.Hocon.Tests;

/// <summary>The section "Substitutions" and the environment, a test a rule.</summary>
public sealed class SubstitutionTests
{
    [Fact]
    public void Substitutions_look_forward_and_backward()
        => Given.Same("{a:1,b:1,c:1}", "a:${c}\nb:${a}\nc:1");

    [Fact]
    public void Substitutions_keep_the_type()
        => Given.Same("""{x:{n:1,s:"1",l:[1],o:{p:null}},n:1,s:"1",l:[1],o:{p:null},p:null}""",
            "x:{n:1,s:\"1\",l:[1],o:{p:null}}\nn:${x.n}\ns:${x.s}\nl:${x.l}\no:${x.o}\np:${x.o.p}");

    [Fact]
    public void Substitutions_are_not_parsed_in_quotes()
        => Given.Same("""{"a":"${b}","c":"${d}"}""", "a=\"${b}\"\nc=\"\"\"${d}\"\"\"");

    [Theory]
    [InlineData("a = ${ b }")]
    [InlineData("a = ${? b }")]
    [InlineData("a = ${\"b\"}")]
    public void Substitutions_may_hold_spaces_inside(string text) => Given.Same("{b:1,a:1}", "b = 1\n" + text);

    [Theory]
    [InlineData("a = $ {b}\nb=1")]
    [InlineData("a = ${ ?b}\nb=1")]
    [InlineData("a = ${}")]
    [InlineData("a = ${b")]
    [InlineData("a = ${b\n}")]
    [InlineData("a = ${b:c}")]
    public void Substitutions_refused(string text) => Given.Errors(text);

    [Fact]
    public void Substitutions_undefined_is_an_error_with_its_place()
    {
        var error = Assert.Single(Given.Errors("a = 1\nb = ${x.y}"));
        Assert.Equal("test.conf:2:5: ${x.y} is not defined; define it, or write ${?x.y} if it may be missing", error.ToString());
    }

    [Fact]
    public void Substitutions_optional_undefined_adds_nothing()
    {
        Given.Same("{a:[1,2],c:\"xy\",d:[1],e:{f:1},g:0}",
            "a=[1,${?n},2]\nb=${?n}\nc=x${?n}y\nd=[1] ${?n}\ne=${?n} {f:1}\ng=0\ng=${?n}\nh=${?n} ${?n}\ni=${?n}${?m}");
    }

    [Fact]
    public void Substitutions_of_a_null_are_defined()
        => Given.Same("{n:null,a:null}", "n=null\na=${n}");

    [Fact]
    public void Substitutions_that_are_hidden_are_never_evaluated()
        => Given.Same("{foo:42,x:{y:1}}", "foo : ${does-not-exist}\nfoo : 42\nx.y = ${nor-this}\nx.y = 1");

    [Fact]
    public void Substitutions_delayed_merge()
    {
        Given.Same("{b:{x:1,y:2},a:{x:1,y:3,z:4}}", "b={x:1,y:2}\na=${b}\na={y:3,z:4}");
        Given.Same("{a:{y:3},b:5}", "a=${b}\na={y:3}\nb=5");
        Given.Same("{a:{x:{p:1,q:2}},b:{x:{p:1}},c:2}", "a=${b}\na.x.q=${c}\nb.x.p=1\nc=${a.x.q2}\nc=2");
    }

    [Fact]
    public void Self_referential_substitutions()
    {
        Given.Same("""{"path":"a:b:c:d"}""", "path : \"a:b:c\"\npath : ${path}\":d\"");
        Given.Same("{path:[/etc,/home,/usr/bin]}", "path : [ /etc, /home ]\npath : ${path} [ /usr/bin ]");
        Given.Same("{foo:{a:2,c:1}}", "foo : { a : { c : 1 } }\nfoo : ${foo.a}\nfoo : { a : 2 }");
        Given.Same("{bar:{foo:42,baz:42}}", "bar : { foo : 42, baz : ${bar.foo} }");
        Given.Same("{bar:{foo:43,baz:43}}", "bar : { foo : 42, baz : ${bar.foo} }\nbar : { foo : 43 }");
        Given.Same("{bar:{a:4,b:3},foo:{c:3,d:4}}",
            "bar : { a : ${foo.d}, b : 1 }\nbar.b = 3\nfoo : { c : ${bar.b}, d : 2 }\nfoo.d = 4");
        Given.Same("{a:foo}", "a : ${?a}foo");
        Given.Same("{}", "a : ${?a}");
        Given.Same("{a:[2]}", "a : [1]\na : [${?a}, 2]");
    }

    [Fact]
    public void Self_referential_substitutions_in_merged_objects()
        => Given.Same("{a:{x:[1,2,3]},base:{x:[1]}}", "a=${base}\nbase={x=[1]}\na={x=${a.x}[2]}\na=${a}{x=${a.x}[3]}");

    [Fact]
    public void Self_referential_substitutions_copied_elsewhere_keep_their_meaning()
        => Given.Same("""{a:{x:"1 2"},b:{x:"1 2",y:3}}""", "a={x=1}\na={x=${a.x} 2}\nb=${a}\nb={y=3}");

    [Theory]
    [InlineData("a : ${a}", "a → a")]
    [InlineData("bar : ${foo}\nfoo : ${bar}", "bar → foo → bar")]
    [InlineData("a : ${b}\nb : ${c}\nc : ${a}", "a → b → c → a")]
    [InlineData("a : ${b.x}\nb.x : [${a}]", "a → b.x → a")]
    [InlineData("a = 1${a}", "a → a")]
    public void Self_referential_substitutions_cycles_are_named(string text, string chain)
    {
        var error = Assert.Single(Given.Errors(text));
        Given.Mentions(chain + ";", error.Message);
    }

    [Theory]
    [InlineData("a : { b : ${a} }")]
    [InlineData("a : { b : [${a}] }")]
    [InlineData("a : ${b}\nb : { c : ${a} }")]
    public void Self_referential_substitutions_a_value_cannot_contain_itself(string text)
        => Given.Refused("contains itself", text);

    [Fact]
    public void Self_referential_substitutions_optional_cycles_are_undefined()
        => Given.Same("{a:{}}", "a : { b : ${?a} }\nx : ${?y}\ny : ${?x}");

    [Fact]
    public void The_plus_equals_field_separator()
    {
        Given.Same("{a:[1,2,[3]]}", "a = [1]\na += 2\na += [3]");
        Given.Same("{a:[1]}", "a += 1");
        Given.Same("{b:[x,{c:1}],a:[x,{c:1},y]}", "b += x\nb += { c : 1 }\na = ${b}\na += y");
        Given.Same("{a:{b:[1]}}", "a.b += 1");
        Given.Same("{a:[1]}", "a += 1\na += ${?none}");
        Given.Refused("+=", "a = 1\na += 2");
    }

    [Fact]
    public void The_plus_equals_field_separator_in_long_rows()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"a += {i}\n"));
        Assert.Equal(20_000, Given.Load(text).GetList("a").Count);
    }

    [Fact]
    public void Errors_are_found_together_and_not_repeated()
    {
        var errors = Given.Errors("a = ${x}\nb = ${a}\nc = ${b}\nd = ${y}\ne = [1] ${a}");
        Assert.Equal([1, 4], errors.Select(static error => error.Line));
    }

    [Fact]
    public void Substitution_fallback_to_environment_variables()
    {
        string? Environment(string name)
            => name switch { "HOME" => "/root", "EMPTY" => "", "a.b" => "dotted", "PATH" => "/bin", _ => null };
        Assert.Equal("""{"a":"/root","b":"","c":"dotted","d":"5"}""",
            Given.Json("a=${HOME}\nb=${EMPTY}\nc=${a.b}\nd=5\"\"\nd=${?NONE}", Environment));
        Assert.Equal("""{"HOME":1,"a":1}""", Given.Json("HOME=1\na=${HOME}", Environment));
        Assert.Equal("""{"PATH":"/bin:/x"}""", Given.Json("PATH=${PATH}\":/x\"", Environment));
        Assert.Equal("""{"HOME":null,"a":null}""", Given.Json("HOME=null\na=${HOME}", Environment));
        var value = HoconDocument.Load("a=${HOME}", "x", new() { Environment = Environment }).Get("a");
        Assert.Equal("environment variable HOME", value.Origin.ToString());
    }

    [Fact]
    public void Substitution_fallback_to_lists_of_environment_variables()
    {
        string? Environment(string name) => name switch { "L_0" => "a", "L_1" => "b", "L_3" => "d", "L" => "l", _ => null };
        Assert.Equal("""{"a":["a","b"],"b":["x","a","b"],"d":["x"],"e":[1,"a","b"]}""",
            Given.Json("a=${L[]}\nb=[x] ${?L[]}\nc=${?M[]}\nd=[x] ${?M[]}\ne=[1]\ne=${e} ${?L[]}", Environment));
        Assert.Throws<HoconException>(() => Given.Json("a=${M[]}", Environment));
    }
}
