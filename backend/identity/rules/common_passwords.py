"""Well-known passwords and their stems, in small letters: data for the rule in passwords.py.

BREACHED: 534 of the thousand most frequent in the ten million leaked passwords that Mark Burnett published; their order
is by frequency, as in SecLists (Passwords/Common-Credentials, 10-million-password-list-top-1000, MIT licence), without
the obscene ones. NEAR: what is tried first here: Chinese love numbers and keyboard walks, makers' default passwords,
years, and the names of the place, the trade and this service, collected for it.
"""

BREACHED = """
123456 password 12345678 qwerty 123456789 12345 1234 111111 1234567 dragon 123123 baseball abc123 football monkey
letmein shadow master 666666 qwertyuiop 123321 mustang 1234567890 michael 654321 superman 1qaz2wsx 7777777 121212
000000 qazwsx 123qwe killer trustno1 jordan jennifer zxcvbnm asdfgh hunter buster soccer harley batman andrew tigger
sunshine iloveyou 2000 charlie robert thomas hockey ranger daniel starwars 112233 george computer michelle jessica
pepper 1111 zxcvbn 555555 11111111 131313 freedom 777777 pass maggie 159753 aaaaaa ginger princess joshua cheese
amanda summer love ashley nicole chelsea matthew access yankees 987654321 dallas austin thunder taylor matrix
william corvette hello martin heather secret merlin diamond 1234qwer gfhjkm hammer silver 222222 88888888 anthony
justin test bailey q1w2e3r4t5 patrick internet scooter orange 11111 golfer cookie richard samantha bigdog guitar
jackson whatever mickey chicken sparky snoopy maverick phoenix camaro peanut morgan welcome falcon cowboy ferrari
samsung andrea smokey steelers joseph mercedes dakota arsenal eagles melissa boomer spider nascar monster tigers
yellow xxxxxx 123123123 gateway marina diablo bulldog qwer1234 compaq purple hardcore banana junior hannah 123654
porsche lakers iceman money cowboys 987654 london tennis 999999 ncc1701 coffee scooby 0000 miller boston q1w2e3r4
brandon yamaha chester mother forever johnny edward 333333 oliver redsox player nikita knight fender barney midnight
please brandy chicago badboy slayer rangers charles angel flower bigdaddy rabbit wizard jasper enter rachel chris
steven winner adidas victoria natasha 1q2w3e4r jasmine winter prince marine ghbdtn fishing cocacola casper james
232323 raiders 888888 marlboro gandalf asdfasdf crystal 87654321 12344321 golden 8675309 panther lauren angela
spanky thx1138 angels madison winston shannon mike toyota jordan23 canada sophie apples tiger 123abc pokemon qazxsw
55555 qwaszx muffin johnson murphy cooper jonathan david danielle 159357 jackie 1990 123456a 789456 turtle abcd1234
scorpion qazwsxedc 101010 butter carlos password1 dennis slipknot qwerty123 asdf 1991 black startrek 12341234
cameron newyork rainbow nathan john 1992 rocket viking redskins asdfghjkl 1212 sierra peaches gemini doctor wilson
sandra helpme qwertyui victor florida dolphin pookie captain tucker blue liverpool bandit dolphins maddog packers
jaguar nicholas united tiffany maxwell zzzzzz nirvana jeremy monica elephant giants hotdog rosebud success debbie
mountain 444444 xxxxxxxx warrior 1q2w3e4r5t q1w2e3 123456q albert metallic lucky azerty 7777 alex bond007 alexis
1111111 samson willie scorpio bonnie benjamin driver dexter jason calvin freddy 212121 creative 12345a sydney
asdfghjk passw0rd trouble legend stella qwert arthur apple nissan america 1qazxsw2 nothing parker 4444 rebecca
qweqwe garfield asdasd december 2222 102030 252525 11223344 magic apollo kitten golf copper august buddy 1993 1988
qqqqqq animal platinum phantom online power fish green 789456123 voyager police heaven abcdef 00000 007007 walter
digital destiny runner testing fire november minecraft asdf1234 private family 12121212 school 147258369 explorer
lovely cherry member peter paradise 5555 friends magnum genius cool aaaa asd123 111222 0987654321 qwerty1 baby
enigma 147147 star 147258 simple qweasdzxc drowssap genesis hello1 friend forest 010203 google friday champion
147852 october music kevin 12345qwert qwe123 aaaaaaaa security lizard 3333 a12345 123789 general 123456789a
1234554321 a123456 qweasd free loveyou penguin mercury liberty spirit system king 098765 qwerty12 98765432 4321
passion mnbvcxz passport alexander jupiter 55555555 141414 zaq12wsx infinity college 54321 77777777 disney 1994
00000000 sweet monday fantasy 9999 7654321 house super water test123 asdfg 6666 hello123 8888 159951 123654789
147852369 741852963 1111111111 awesome people danger dreamer changeme 1q2w3e windows 456789 qqq111 a1b2c3 spring
classic zxc123 alpha
""".split()  # noqa: SIM905  # words read as words

NEAR = """
5201314 1314520 woaini woaini1314 520520 521521 584520 7758521 7758258 a123456789 qq123456 qwe123456 abc123456
aa123456 asd123456 wang1234 zhang123 123456abc 123456qwe 1qaz 2wsx 3edc 4rfv zaq1 qwer zxcv !@#$ !@#$% !qaz @wsx
#edc admin admin123 administrator root toor guest user default manager master123 oracle tomcat huawei h3c inspur zte
cisco sangfor hikvision hik12345 xiaomi baidu tencent alibaba taobao weixin zhongguo china beijing neimenggu ordos
eerduosi erdos dongsheng kangbashi jiaoyu jiaoyuju jiaoti zhaosheng ruxue xuexiao xuewei yangguang sunroll sunlight
education temp1234 init1234 2023 2024 2025 2026 2027 2028 mima gongzuo
""".split()  # noqa: SIM905  # words read as words
